package org.treatydb.sql.plan;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableLimitSort;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.MethodCallExpression;
import org.apache.calcite.linq4j.tree.Shuttle;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Collect;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Match;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Spool;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Window;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.BuiltInMethod;
import org.treatydb.sql.exec.BoundedOperators;

/**
 * Bounds the memory of those operators of a physical plan that hold rows. Most hold what they read: their inputs are counted. Those that
 * hold less, groups or the first rows of an order, are generated with calls of {@link BoundedOperators} in the place of Calcite's own.
 */
final class MemoryBounds {

  private static final Method HELD = Types.lookupMethod(BoundedOperators.class, "held", DataContext.class, int.class, Enumerable.class);
  private static final Method KEPT = Types.lookupMethod(BoundedOperators.class, "kept", DataContext.class, int.class, Enumerable.class);

  /** Calcite's operators by ours. */
  private static final Map<Method, Method> BOUNDED = List.of(
          BuiltInMethod.GROUP_BY2, BuiltInMethod.GROUP_BY_MULTIPLE, BuiltInMethod.DISTINCT, BuiltInMethod.DISTINCT2, BuiltInMethod.UNION,
          BuiltInMethod.ORDER_BY_WITH_FETCH_AND_OFFSET)
      .stream().collect(Collectors.toMap(each -> each.method, each -> bounded(each.method)));

  /** Their accumulators grow with what they take in. */
  private static final Set<SqlKind> COLLECTING = EnumSet.of(
      SqlKind.LISTAGG, SqlKind.STRING_AGG, SqlKind.GROUP_CONCAT, SqlKind.COLLECT, SqlKind.FUSION, SqlKind.ARRAY_AGG,
      SqlKind.ARRAY_CONCAT_AGG, SqlKind.JSON_ARRAYAGG, SqlKind.JSON_OBJECTAGG, SqlKind.INTERSECTION, SqlKind.MODE,
      SqlKind.PERCENTILE_CONT, SqlKind.PERCENTILE_DISC);

  private int sites;

  private MemoryBounds() {}

  private static Method bounded(Method theirs) {
    List<Class<?>> parameters = new ArrayList<>(List.of(DataContext.class, int.class, Enumerable.class));
    boolean statically = Modifier.isStatic(theirs.getModifiers());
    parameters.addAll(Arrays.asList(theirs.getParameterTypes()).subList(statically ? 1 : 0, theirs.getParameterCount()));
    return Types.lookupMethod(BoundedOperators.class, theirs.getName(), parameters.toArray(Class<?>[]::new));
  }

  /** {@code root} with bounds. */
  static EnumerableRel in(EnumerableRel root) {
    return (EnumerableRel) new MemoryBounds().bounded(root);
  }

  private RelNode bounded(RelNode rel) {
    if (!(rel instanceof EnumerableRel)) {
      return rel;
    }
    List<RelNode> inputs = new ArrayList<>();
    for (int i = 0; i < rel.getInputs().size(); i++) {
      RelNode input = bounded(rel.getInput(i));
      // Of UNION ALL, a recursion keeps no more than what its last step gave.
      boolean kept = rel instanceof RepeatUnion union && !union.all;
      inputs.add(input instanceof EnumerableRel && holds(rel, i) ? new Held(input, sites++, kept) : input);
    }
    RelNode with = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    return isGenerated(rel) ? new Bounded(with, sites++) : with;
  }

  /** Whether {@code rel} holds all rows of its {@code input}-th input. */
  private static boolean holds(RelNode rel, int input) {
    return switch (rel) {
      case Aggregate aggregate -> aggregate.getAggCallList().stream().anyMatch(MemoryBounds::collects);
      case EnumerableLimitSort _ -> false;
      case Sort sort -> !sort.getCollation().getFieldCollations().isEmpty();
      case Join _ -> input == 1;
      case Window _, Collect _, Spool _, Match _, RepeatUnion _ -> true;
      case Union _ -> false;
      case SetOp _ -> true;
      default -> false;
    };
  }

  private static boolean collects(AggregateCall call) {
    return COLLECTING.contains(call.getAggregation().getKind()) || !call.collation.getFieldCollations().isEmpty();
  }

  private static boolean isGenerated(RelNode rel) {
    return rel instanceof Aggregate || rel instanceof EnumerableLimitSort || rel instanceof Union union && !union.all;
  }

  /** An input whose rows are counted. */
  private static final class Held extends PassedRows {

    private final int site;
    private final boolean kept;

    Held(RelNode input, int site, boolean kept) {
      super(input, kept ? KEPT : HELD);
      this.site = site;
      this.kept = kept;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return new Held(inputs.getFirst(), site, kept);
    }

    @Override
    List<Expression> arguments() {
      return List.of(Expressions.constant(site));
    }
  }

  /** An operator whose code calls ours instead of Calcite's. */
  static final class Bounded extends SingleRel implements EnumerableRel {

    private final int site;

    private Bounded(RelNode operator, int site) {
      super(operator.getCluster(), operator.getTraitSet(), operator);
      this.site = site;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return new Bounded(inputs.getFirst(), site);
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer preference) {
      Result operator = implementor.visitChild(this, 0, (EnumerableRel) getInput(), preference);
      return implementor.result(operator.physType, operator.block.accept(new Calls(site)));
    }
  }

  /** Puts our operators in the place of Calcite's. Those of operators further down have been replaced before. */
  private static final class Calls extends Shuttle {

    private final Expression site;

    Calls(int site) {
      this.site = Expressions.constant(site);
    }

    @Override
    public Expression visit(MethodCallExpression call, Expression target, List<Expression> arguments) {
      Method ours = BOUNDED.get(call.method);
      if (ours == null) {
        return super.visit(call, target, arguments);
      }
      List<Expression> all = new ArrayList<>(List.of(DataContext.ROOT, site));
      if (target != null) {
        all.add(target);
      }
      all.addAll(arguments);
      return Expressions.call(ours, all);
    }
  }
}
