package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.treatydb.sql.exec.KeyBounds;
import org.treatydb.sql.exec.KeyBounds.Box;
import org.treatydb.sql.exec.KeyBounds.Interval;

/**
 * What of a filter became bounds of an access path: the bounds, the expressions that give their values, and the conditions that remain to
 * be evaluated on each row. Immutable.
 *
 * @param path by what the table is read
 * @param bounds the keys to read
 * @param operands the expressions the bounds refer to; none reads a column of the scanned table
 * @param remaining the conjuncts that the bounds do not imply
 */
record KeyCondition(AccessPath path, KeyBounds bounds, List<RexNode> operands, List<RexNode> remaining) {

  KeyCondition {
    operands = List.copyOf(operands);
    remaining = List.copyOf(remaining);
  }

  /** No condition: every row. */
  static KeyCondition all(AccessPath path) {
    return new KeyCondition(path, KeyBounds.ALL, List.of(), List.of());
  }

  ImmutableList<Box> boxes() {
    return bounds.boxes();
  }

  boolean isAll() {
    return bounds.isAll();
  }

  KeyBounds toBounds() {
    return bounds;
  }

  /** Whether an operand comes from the row of an enclosing correlation, so that the scan opens once a row. */
  boolean operandsVaryByRow() {
    boolean[] found = new boolean[1];
    RexVisitorImpl<Void> visitor = new RexVisitorImpl<>(true) {
      @Override
      public Void visitCorrelVariable(RexCorrelVariable variable) {
        found[0] = true;
        return null;
      }
    };
    operands.forEach(operand -> operand.accept(visitor));
    return found[0];
  }

  double estimateRows(double tableRows, Selectivity selectivity) {
    return Math.min(tableRows, boxes().stream().mapToDouble(box -> estimateRows(box, tableRows, selectivity)).sum());
  }

  private double estimateRows(Box box, double tableRows, Selectivity selectivity) {
    if (isFullKey(box)) {
      return Math.min(tableRows, combinations(box));
    }
    double rows = tableRows;
    for (int i = 0; i < box.columns().size(); i++) {
      rows *= selectivity.of(path.columns().get(i), box.columns().get(i), operands);
    }
    return Math.max(1, rows);
  }

  private static double combinations(Box box) {
    return box.columns().stream().mapToDouble(List::size).reduce(1, (left, right) -> left * right);
  }

  /** How often the store is asked for one key, or for one range, in one bucket. */
  double estimateSeeks() {
    return boxes().stream().mapToDouble(box -> isFullKey(box) ? 1 : combinations(box)).sum();
  }

  private boolean isFullKey(Box box) {
    return path.isUnique() && box.columns().size() == path.columns().size() && box.isPoints()
        && box.columns().stream().noneMatch(intervals -> intervals.contains(Interval.NULL));
  }

  /** Whether rows with NULL in the key column with this index are left out. */
  boolean excludesNull(int keyIndex) {
    return boxes().stream().allMatch(
        box -> keyIndex < box.columns().size() && box.columns().get(keyIndex).stream().noneMatch(Interval::isNull));
  }

  /** Whether the key column with this index has one value in all rows that are read. */
  boolean isFixed(int keyIndex) {
    return boxes().size() == 1 && keyIndex < boxes().getFirst().columns().size()
        && boxes().getFirst().columns().get(keyIndex).size() == 1 && boxes().getFirst().columns().get(keyIndex).getFirst().isPoint();
  }

  /** Whether whole keys are asked for. */
  boolean asksForKeys() {
    return !isAll() && boxes().stream().allMatch(this::isFullKey);
  }

  /** How the store is asked. */
  String access() {
    if (!asksForKeys()) {
      return isAll() ? "full scan" : "range scan";
    }
    boolean single = boxes().size() == 1 && boxes().getFirst().columns().stream().allMatch(intervals -> intervals.size() == 1);
    return single ? "get" : "multi-get";
  }

  /** The bounds in words, with operands as {@code text} has them. */
  String describe(List<String> columnNames, Function<RexNode, String> text) {
    List<String> parts = new ArrayList<>();
    for (Box box : boxes()) {
      List<String> columns = new ArrayList<>();
      for (int i = 0; i < box.columns().size(); i++) {
        columns.add(describe(columnNames.get(path.columns().get(i)), box.columns().get(i), text));
      }
      parts.add(String.join(" and ", columns));
    }
    return String.join(" or ", parts);
  }

  private String describe(String column, List<Interval> intervals, Function<RexNode, String> text) {
    if (intervals.size() > 1 && intervals.stream().allMatch(interval -> interval.isPoint() && !interval.isNull())) {
      return column + " in " + intervals.stream().map(i -> text.apply(operands.get(i.lower()))).collect(Collectors.joining(", ", "(", ")"));
    }
    return intervals.stream().map(i -> describe(column, i, text)).collect(Collectors.joining(" or "));
  }

  private String describe(String column, Interval interval, Function<RexNode, String> text) {
    if (interval.isNull() || interval.equals(Interval.NOT_NULL)) {
      return column + (interval.isNull() ? " is null" : " is not null");
    }
    if (interval.isPoint()) {
      return column + " = " + text.apply(operands.get(interval.lower()));
    }
    List<String> ends = new ArrayList<>();
    if (interval.lower() != Interval.UNBOUNDED) {
      ends.add(column + (interval.lowerInclusive() ? " >= " : " > ") + text.apply(operands.get(interval.lower())));
    }
    if (interval.upper() != Interval.UNBOUNDED) {
      ends.add(column + (interval.upperInclusive() ? " <= " : " < ") + text.apply(operands.get(interval.upper())));
    }
    return String.join(" and ", ends);
  }
}
