package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.treatydb.sql.exec.KeyBounds;
import org.treatydb.sql.exec.KeyBounds.Box;
import org.treatydb.sql.exec.KeyBounds.Interval;

/**
 * Splits a filter into bounds of an access path and the rest. A conjunct is consumed when the bounds say exactly the same; bounds that say
 * less (on approximate numbers, because of NaN, and on CHAR, because of trailing spaces) keep their conjunct.
 *
 * <p>Understands {@code =, <, <=, >, >=, IS NOT DISTINCT FROM, IS [NOT] NULL}, Sargs, AND and OR of these on one column, OR of ANDs over
 * several key columns (as row-value IN lists become). The other side may be any deterministic expression that reads no column of the table.
 */
final class KeyConditionFinder {

  /** So many key combinations at most; beyond them the condition is evaluated row by row. */
  static final int COMBINATIONS_MAX = 20_000;

  private final RexBuilder rexBuilder;
  private final RelDataType rowType;
  private final AccessPath path;
  private final List<Integer> keyColumns;
  private final List<RexNode> operands = new ArrayList<>();

  /** What one condition says about one key column. */
  private record Constraint(int keyIndex, ImmutableList<Interval> intervals, boolean exact) {

    boolean isPoints() {
      return intervals.stream().allMatch(Interval::isPoint);
    }
  }

  private KeyConditionFinder(RexBuilder rexBuilder, RelDataType rowType, AccessPath path) {
    this.rexBuilder = rexBuilder;
    this.rowType = rowType;
    this.path = path;
    this.keyColumns = path.columns();
  }

  /** The key condition of {@code filter} on a table with these columns, read by {@code path}. */
  static KeyCondition find(RexBuilder rexBuilder, RelDataType rowType, AccessPath path, RexNode filter) {
    return new KeyConditionFinder(rexBuilder, rowType, path).find(filter);
  }

  private KeyCondition find(RexNode filter) {
    List<RexNode> conjuncts = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(filter)) {
      conjuncts.addAll(RelOptUtil.conjunctions(RexUtil.expandSearch(rexBuilder, null, conjunct)));
    }
    List<RexNode> remaining = new ArrayList<>(conjuncts);
    Box box = box(conjuncts, remaining);
    if (!box.columns().isEmpty()) {
      return condition(List.of(box), remaining);
    }
    for (RexNode conjunct : conjuncts) {
      List<Box> boxes = conjunct.isA(SqlKind.OR) ? boxes((RexCall) conjunct, remaining) : List.of();
      if (!boxes.isEmpty()) {
        return condition(boxes, remaining);
      }
    }
    return new KeyCondition(path, KeyBounds.ALL, List.of(), conjuncts);
  }

  /** Without the operands that were looked at but are not used: they may be of an enclosing correlation. */
  private KeyCondition condition(List<Box> boxes, List<RexNode> remaining) {
    List<RexNode> used = new ArrayList<>();
    List<Box> renumbered = new ArrayList<>();
    for (Box box : boxes) {
      renumbered.add(new Box(box.columns().stream()
          .map(intervals -> intervals.stream().map(interval -> renumbered(interval, used)).collect(ImmutableList.toImmutableList()))
          .collect(ImmutableList.toImmutableList())));
    }
    return new KeyCondition(path, new KeyBounds(renumbered), used, remaining);
  }

  private Interval renumbered(Interval interval, List<RexNode> used) {
    return new Interval(
        renumbered(interval.lower(), used), interval.lowerInclusive(), renumbered(interval.upper(), used), interval.upperInclusive());
  }

  private int renumbered(int operand, List<RexNode> used) {
    return operand < 0 ? operand : indexIn(used, operands.get(operand));
  }

  /** The box that the conjuncts give together; takes those it expresses exactly out of {@code remaining}. */
  private Box box(List<RexNode> conjuncts, List<RexNode> remaining) {
    List<ImmutableList<Interval>> columns = new ArrayList<>();
    long combinations = 1;
    for (int keyIndex = 0; keyIndex < keyColumns.size(); keyIndex++) {
      List<RexNode> used = new ArrayList<>();
      Constraint constraint = constraint(keyIndex, conjuncts, used);
      if (constraint == null || combinations * constraint.intervals.size() > COMBINATIONS_MAX) {
        break;
      }
      remaining.removeAll(used);
      combinations *= constraint.intervals.size();
      columns.add(constraint.intervals);
      if (!constraint.isPoints()) {
        break;
      }
    }
    return new Box(ImmutableList.copyOf(columns));
  }

  /** What the conjuncts say about one key column: a set of points if there is one, else one interval. {@code used}: what it implies. */
  private Constraint constraint(int keyIndex, List<RexNode> conjuncts, List<RexNode> used) {
    Constraint best = null;
    for (RexNode conjunct : conjuncts) {
      Constraint constraint = constraint(conjunct);
      if (constraint == null || constraint.keyIndex != keyIndex) {
        continue;
      }
      Constraint combined = best == null ? constraint : combine(best, constraint);
      if (combined != null) {
        best = combined;
        keepUnlessExact(conjunct, constraint, used);
      } else if (constraint.isPoints() && !best.isPoints()) {
        best = constraint;
        used.clear();
        keepUnlessExact(conjunct, constraint, used);
      }
    }
    return best;
  }

  private static void keepUnlessExact(RexNode conjunct, Constraint constraint, List<RexNode> used) {
    if (constraint.exact) {
      used.add(conjunct);
    }
  }

  private static Constraint combine(Constraint left, Constraint right) {
    if (left.intervals.size() != 1 || right.intervals.size() != 1) {
      return null;
    }
    Interval both = left.intervals.getFirst().intersect(right.intervals.getFirst());
    return both == null ? null : new Constraint(left.keyIndex, ImmutableList.of(both), left.exact && right.exact);
  }

  /** An OR of ANDs that each bound the key's first columns: one box each. Empty if one of them does not. */
  private List<Box> boxes(RexCall or, List<RexNode> remaining) {
    List<Box> boxes = new ArrayList<>();
    boolean exact = true;
    for (RexNode disjunct : or.getOperands()) {
      List<RexNode> conjuncts = RelOptUtil.conjunctions(disjunct);
      List<RexNode> left = new ArrayList<>(conjuncts);
      Box box = box(conjuncts, left);
      if (box.columns().isEmpty() || boxes.size() == COMBINATIONS_MAX) {
        return List.of();
      }
      exact &= left.isEmpty();
      boxes.add(box);
    }
    if (exact) {
      remaining.remove(or);
    }
    return boxes;
  }

  /** What one condition says about one key column; null if it says nothing that can be used. */
  private Constraint constraint(RexNode node) {
    return switch (node.getKind()) {
      case EQUALS, IS_NOT_DISTINCT_FROM, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> comparison((RexCall) node);
      case IS_NULL, IS_NOT_NULL -> nullity((RexCall) node);
      case OR -> union((RexCall) node);
      case AND -> intersection((RexCall) node);
      default -> null;
    };
  }

  private Constraint nullity(RexCall call) {
    int keyIndex = call.getOperands().getFirst() instanceof RexInputRef ref ? keyColumns.indexOf(ref.getIndex()) : -1;
    return keyIndex < 0 ? null
        : new Constraint(keyIndex, ImmutableList.of(call.isA(SqlKind.IS_NULL) ? Interval.NULL : Interval.NOT_NULL), true);
  }

  private Constraint union(RexCall or) {
    ImmutableList.Builder<Interval> intervals = ImmutableList.builder();
    Constraint first = null;
    boolean exact = true;
    for (RexNode operand : or.getOperands()) {
      Constraint constraint = constraint(operand);
      if (constraint == null || first != null && first.keyIndex != constraint.keyIndex) {
        return null;
      }
      first = first == null ? constraint : first;
      exact &= constraint.exact;
      intervals.addAll(constraint.intervals);
    }
    return first == null ? null : new Constraint(first.keyIndex, intervals.build(), exact);
  }

  private Constraint intersection(RexCall and) {
    Constraint result = null;
    for (RexNode operand : and.getOperands()) {
      Constraint constraint = constraint(operand);
      if (constraint == null || result != null && result.keyIndex != constraint.keyIndex) {
        return null;
      }
      result = result == null ? constraint : combine(result, constraint);
      if (result == null) {
        return null;
      }
    }
    return result;
  }

  private Constraint comparison(RexCall call) {
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    Constraint constraint = comparison(left, call.getKind(), right);
    return constraint != null ? constraint : comparison(right, call.getKind().reverse(), left);
  }

  private Constraint comparison(RexNode column, SqlKind kind, RexNode operand) {
    RexNode bare = withoutWidening(column);
    if (!(bare instanceof RexInputRef ref) || !isOperand(operand)) {
      return null;
    }
    int keyIndex = keyColumns.indexOf(ref.getIndex());
    RelDataType columnType = rowType.getFieldList().get(ref.getIndex()).getType();
    if (keyIndex < 0 || !comparable(columnType, operand.getType())) {
      return null;
    }
    if (kind == SqlKind.IS_NOT_DISTINCT_FROM && columnType.isNullable() && operand.getType().isNullable()) {
      return null;
    }
    int index = indexIn(operands, operand);
    Interval interval = switch (kind) {
      case EQUALS, IS_NOT_DISTINCT_FROM -> Interval.point(index);
      case LESS_THAN -> Interval.atMost(index, false);
      case LESS_THAN_OR_EQUAL -> Interval.atMost(index, true);
      case GREATER_THAN -> Interval.atLeast(index, false);
      case GREATER_THAN_OR_EQUAL -> Interval.atLeast(index, true);
      default -> null;
    };
    boolean exact = !SqlTypeUtil.isApproximateNumeric(columnType) && columnType.getSqlTypeName() != SqlTypeName.CHAR;
    return interval == null ? null : new Constraint(keyIndex, ImmutableList.of(interval), exact);
  }

  private static int indexIn(List<RexNode> list, RexNode operand) {
    int index = list.indexOf(operand);
    if (index < 0) {
      list.add(operand);
      index = list.size() - 1;
    }
    return index;
  }

  private static boolean isOperand(RexNode node) {
    return RelOptUtil.InputFinder.bits(node).isEmpty() && RexUtil.isDeterministic(node) && RexUtil.SubQueryFinder.find(node) == null;
  }

  /** The column under a cast that only widens an exact number, which bounds need not mind. */
  private static RexNode withoutWidening(RexNode node) {
    if (node.isA(SqlKind.CAST)) {
      RexNode inner = ((RexCall) node).getOperands().get(0);
      boolean exactNumbers = SqlTypeUtil.isExactNumeric(node.getType()) && SqlTypeUtil.isExactNumeric(inner.getType());
      if (exactNumbers && integerDigits(node.getType()) >= integerDigits(inner.getType())
          && scale(node.getType()) >= scale(inner.getType())) {
        return inner;
      }
      boolean onlyNullability = SqlTypeUtil.equalSansNullability(node.getType(), inner.getType());
      return onlyNullability ? inner : node;
    }
    return node;
  }

  private static int scale(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.DECIMAL ? type.getScale() : 0;
  }

  private static int integerDigits(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case TINYINT -> 3;
      case SMALLINT -> 5;
      case INTEGER -> 10;
      case BIGINT -> 19;
      default -> type.getPrecision() - type.getScale();
    };
  }

  /** Whether values of {@code operand} order among the column's values as SQL compares them, given what the encoding does at run time. */
  private static boolean comparable(RelDataType column, RelDataType operand) {
    if (SqlTypeUtil.isExactNumeric(column)) {
      return SqlTypeUtil.isExactNumeric(operand);
    }
    if (SqlTypeUtil.isCharacter(column)) {
      return SqlTypeUtil.isCharacter(operand);
    }
    if (SqlTypeUtil.isBinary(column)) {
      return SqlTypeUtil.isBinary(operand);
    }
    return switch (column.getSqlTypeName()) {
      case FLOAT, DOUBLE -> operand.getSqlTypeName() == SqlTypeName.FLOAT || operand.getSqlTypeName() == SqlTypeName.DOUBLE;
      case REAL, BOOLEAN, DATE, TIME, TIMESTAMP, UUID -> operand.getSqlTypeName() == column.getSqlTypeName();
      default -> false;
    };
  }
}
