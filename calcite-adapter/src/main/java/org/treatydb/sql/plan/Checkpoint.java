package org.treatydb.sql.plan;

import java.lang.reflect.Method;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.adapter.enumerable.EnumerableLimit;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableValues;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.treatydb.sql.exec.ExecutionContext;

/**
 * Passes its input's rows on as long as nobody has cancelled the statement. Stands above the operators that can give many rows for few, or
 * hold them in memory, so that whatever consumes them can be stopped; scans of tables look by themselves.
 */
final class Checkpoint extends PassedRows {

  private static final Method GUARDED = Types.lookupMethod(ExecutionContext.class, "guarded", DataContext.class, Enumerable.class);

  private Checkpoint(RelNode input) {
    super(input, GUARDED);
  }

  /** {@code root} with checkpoints where they are needed. Whoever reads its rows looks himself. */
  static EnumerableRel in(EnumerableRel root) {
    return (EnumerableRel) withInputs(root);
  }

  private static RelNode withInputs(RelNode rel) {
    if (!(rel instanceof EnumerableRel)) {
      return rel;
    }
    List<RelNode> inputs = rel.getInputs().stream().map(Checkpoint::guarded).toList();
    return inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
  }

  private static RelNode guarded(RelNode rel) {
    RelNode checked = withInputs(rel);
    boolean passing = rel instanceof EnumerableCalc || rel instanceof EnumerableLimit || rel instanceof EnumerableValues
        || rel instanceof TableScan || rel instanceof PassedRows || rel instanceof MemoryBounds.Bounded || !(rel instanceof EnumerableRel);
    return passing ? checked : new Checkpoint(checked);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new Checkpoint(inputs.getFirst());
  }

  @Override
  List<Expression> arguments() {
    return List.of();
  }
}
