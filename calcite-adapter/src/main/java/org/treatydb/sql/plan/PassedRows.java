package org.treatydb.sql.plan;

import java.lang.reflect.Method;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;

/**
 * Passes its input's rows on, through a method that looks at them. Put into a plan once that is chosen, so nothing is known of its costs.
 */
abstract class PassedRows extends SingleRel implements EnumerableRel {

  private final Method method;

  /** {@code method}: static; takes the {@link DataContext}, what {@link #arguments} says, and the rows, and gives the rows. */
  PassedRows(RelNode input, Method method) {
    super(input.getCluster(), input.getTraitSet(), input);
    this.method = method;
  }

  /** What the method gets beside context and rows. */
  abstract List<Expression> arguments();

  @Override
  public final Result implement(EnumerableRelImplementor implementor, Prefer preference) {
    BlockBuilder code = new BlockBuilder();
    Result input = implementor.visitChild(this, 0, (EnumerableRel) getInput(), preference);
    List<Expression> all = Expressions.list(DataContext.ROOT);
    all.addAll(arguments());
    all.add(code.append("rows", input.block));
    code.add(Expressions.return_(null, Expressions.call(method, all)));
    return implementor.result(input.physType, code.toBlock());
  }
}
