package org.treatydb.sql.exec;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Which keys of a table or an index a scan must read: the union of {@code boxes}; no box at all means no row, one box without columns means
 * every row. The bounds' values are operands, known when the scan opens. Immutable.
 */
public record KeyBounds(ImmutableList<Box> boxes) {

  /** Every key. */
  public static final KeyBounds ALL = new KeyBounds(ImmutableList.of(new Box(ImmutableList.of())));

  /**
   * The keys whose leading columns lie in the given intervals: {@code columns.get(i)} holds the allowed intervals of key column {@code i}.
   * All but the last are points.
   */
  public record Box(ImmutableList<ImmutableList<Interval>> columns) {

    /** Whether the box fixes its columns to single values. */
    public boolean isPoints() {
      return columns.stream().allMatch(intervals -> intervals.stream().allMatch(Interval::isPoint));
    }

    /** Whether the box fixes the key columns with these indexes to single values. */
    public boolean isPointsAt(List<Integer> keyIndexes) {
      return keyIndexes.stream().allMatch(
          index -> index < columns.size() && columns.get(index).stream().allMatch(Interval::isPoint));
    }
  }

  /**
   * An interval of one column's values. Bounds are indexes into the operands, or {@value #UNBOUNDED}. Without any bound, it has all values
   * but NULL.
   *
   * @param lower index of the lower bound
   * @param lowerInclusive whether the lower bound itself belongs to the interval
   * @param upper index of the upper bound
   * @param upperInclusive whether the upper bound itself belongs to the interval
   */
  public record Interval(int lower, boolean lowerInclusive, int upper, boolean upperInclusive) {

    public static final int UNBOUNDED = -1;

    private static final int OF_NULLS = -2;

    /** NULL alone; no comparison gives it. */
    public static final Interval NULL = new Interval(OF_NULLS, true, OF_NULLS, true);

    public static final Interval NOT_NULL = new Interval(UNBOUNDED, false, UNBOUNDED, false);

    public static Interval point(int operand) {
      return new Interval(operand, true, operand, true);
    }

    public static Interval atLeast(int operand, boolean inclusive) {
      return new Interval(operand, inclusive, UNBOUNDED, false);
    }

    public static Interval atMost(int operand, boolean inclusive) {
      return new Interval(UNBOUNDED, false, operand, inclusive);
    }

    public boolean isPoint() {
      return lower != UNBOUNDED && lower == upper;
    }

    public boolean isNull() {
      return lower == OF_NULLS;
    }

    /** The common part, if it can be said without knowing the operands; null if not. */
    public Interval intersect(Interval other) {
      if (equals(NOT_NULL) && !other.isNull()) {
        return other;
      }
      if (other.equals(NOT_NULL) && !isNull()) {
        return this;
      }
      if (lower == UNBOUNDED && other.upper == UNBOUNDED) {
        return new Interval(other.lower, other.lowerInclusive, upper, upperInclusive);
      }
      if (upper == UNBOUNDED && other.lower == UNBOUNDED) {
        return new Interval(lower, lowerInclusive, other.upper, other.upperInclusive);
      }
      return null;
    }
  }

  public KeyBounds(List<Box> boxes) {
    this(ImmutableList.copyOf(boxes));
  }

  public boolean isAll() {
    return boxes.size() == 1 && boxes.getFirst().columns().isEmpty();
  }
}
