package org.treatydb.sql.exec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvStore;
import org.treatydb.sql.catalog.KeySpace;
import org.treatydb.sql.exec.KeyBounds.Box;
import org.treatydb.sql.exec.KeyBounds.Interval;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.KeyBound;
import org.treatydb.sql.type.KeyCodec;

/**
 * Computes the pieces of key space that key bounds mean once their operands are known. An operand may be outside its column's type
 * ({@code smallint_column < 100000}): it is then moved to the nearest value inside, or the interval is empty. Comparison with NULL selects
 * nothing.
 */
final class KeySpans {

  private final KeySpace space;
  private final KeyCodec keys;
  private final Object[] operands;
  private final SortedMap<Integer, List<KeySpan>> spans = new TreeMap<>();

  private KeySpans(KeySpace space, Object[] operands) {
    this.space = space;
    this.keys = space.keys();
    this.operands = operands;
  }

  /** The disjoint spans of each bucket that has any, each bucket's in key order. */
  static List<List<KeySpan>> of(KeySpace space, KeyBounds bounds, Object[] operands) {
    KeySpans result = new KeySpans(space, operands);
    for (Box box : bounds.boxes()) {
      result.add(box, new ArrayList<>());
    }
    return result.spans.values().stream().map(KeySpan::merged).toList();
  }

  private void add(Box box, List<Object> equal) {
    int column = equal.size();
    if (column == box.columns().size()) {
      addEqual(equal);
      return;
    }
    ColumnType type = keys.columns().get(column).type();
    for (Interval interval : box.columns().get(column)) {
      if (interval.isNull()) {
        equal.add(null);
        add(box, equal);
        equal.removeLast();
      } else if (interval.isPoint()) {
        Object value = point(operands[interval.lower()], type);
        if (value != null) {
          equal.add(value);
          add(box, equal);
          equal.removeLast();
        }
      } else {
        addRange(equal, interval, type);
      }
    }
  }

  private void addEqual(List<Object> equal) {
    byte[] key = keys.encodePrefix(space.prefix(), equal);
    if (key.length > KvStore.KEY_BYTES_MAX) {
      return;
    }
    // A key of a unique index goes on after its columns if one of them is NULL.
    boolean whole = equal.size() == keys.columns().size() && !equal.contains(null);
    add(whole ? KeySpan.point(key) : KeySpan.of(KeyRange.prefix(key)), equal);
  }

  /** Adds {@code span}, whose rows have the values {@code equal} in their first key columns, to the buckets that can have such rows. */
  private void add(KeySpan span, List<Object> equal) {
    int only = space.bucketOf(equal);
    int end = only < 0 ? space.buckets() : only + 1;
    for (int number = Math.max(0, only); number < end; number++) {
      spans.computeIfAbsent(number, _ -> new ArrayList<>()).add(span.inBucket(space, number));
    }
  }

  private void addRange(List<Object> equal, Interval interval, ColumnType type) {
    if (isNull(interval.lower()) || isNull(interval.upper())) {
      return;
    }
    KeyBound lower = interval.lower() == Interval.UNBOUNDED ? null : lower(operands[interval.lower()], interval.lowerInclusive(), type);
    KeyBound upper = interval.upper() == Interval.UNBOUNDED ? null : upper(operands[interval.upper()], interval.upperInclusive(), type);
    if (isIntegral(type) && (aboveAll(lower, type) || belowAll(upper, type))) {
      return;
    }
    KeyBound first = inside(lower, type);
    KeyBound last = inside(upper, type);
    KeyRange range = first == null && last == null
        ? keys.notNull(space.prefix(), equal) : keys.range(space.prefix(), equal, first, last);
    if (!range.isEmpty()) {
      add(KeySpan.of(range), equal);
    }
  }

  private boolean isNull(int operand) {
    return operand != Interval.UNBOUNDED && operands[operand] == null;
  }

  /** The value of the column's type that equals {@code operand}; null if there is none. */
  private static Object point(Object operand, ColumnType type) {
    if (operand == null || !isIntegral(type)) {
      return operand;
    }
    BigDecimal number = number(operand);
    boolean fits = number.stripTrailingZeros().scale() <= 0 && number.compareTo(min(type)) >= 0 && number.compareTo(max(type)) <= 0;
    return fits ? number : null;
  }

  private static KeyBound lower(Object operand, boolean inclusive, ColumnType type) {
    if (!isIntegral(type)) {
      return new KeyBound(operand, inclusive);
    }
    BigDecimal number = number(operand);
    BigDecimal whole = number.setScale(0, RoundingMode.CEILING);
    return new KeyBound(whole, inclusive || whole.compareTo(number) != 0);
  }

  private static KeyBound upper(Object operand, boolean inclusive, ColumnType type) {
    if (!isIntegral(type)) {
      return new KeyBound(operand, inclusive);
    }
    BigDecimal number = number(operand);
    BigDecimal whole = number.setScale(0, RoundingMode.FLOOR);
    return new KeyBound(whole, inclusive || whole.compareTo(number) != 0);
  }

  private static boolean aboveAll(KeyBound lower, ColumnType type) {
    return lower != null && number(lower.value()).compareTo(max(type)) > 0;
  }

  private static boolean belowAll(KeyBound upper, ColumnType type) {
    return upper != null && number(upper.value()).compareTo(min(type)) < 0;
  }

  /** {@code bound}, or none if it lies outside the type, where it bounds nothing. */
  private static KeyBound inside(KeyBound bound, ColumnType type) {
    if (bound == null || !isIntegral(type)) {
      return bound;
    }
    BigDecimal number = number(bound.value());
    return number.compareTo(min(type)) < 0 || number.compareTo(max(type)) > 0 ? null : bound;
  }

  private static boolean isIntegral(ColumnType type) {
    return switch (type.kind()) {
      case SMALLINT, INTEGER, BIGINT -> true;
      default -> false;
    };
  }

  private static BigDecimal number(Object operand) {
    return operand instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(((Number) operand).longValue());
  }

  private static BigDecimal min(ColumnType type) {
    return BigDecimal.valueOf(switch (type.kind()) {
      case SMALLINT -> Short.MIN_VALUE;
      case INTEGER -> Integer.MIN_VALUE;
      default -> Long.MIN_VALUE;
    });
  }

  private static BigDecimal max(ColumnType type) {
    return BigDecimal.valueOf(switch (type.kind()) {
      case SMALLINT -> Short.MAX_VALUE;
      case INTEGER -> Integer.MAX_VALUE;
      default -> Long.MAX_VALUE;
    });
  }
}
