package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.KeyCodec;
import org.treatydb.sql.type.KeyColumn;

/**
 * What ANALYZE found in a column. Immutable.
 *
 * @param nulls how many rows of all had NULL, from 0 to 1
 * @param distinct about how many different values there were, NULL not counted
 * @param bounds values that divide those of the column into parts of about as many rows, from the least to the greatest, each encoded as an
 *     ascending key; a value that is frequent stands there more than once. The arrays must not change
 */
public record ColumnStatistics(double nulls, long distinct, ImmutableList<byte[]> bounds) {

  private static final int BOUND_BYTES_MAX = 64;
  private static final byte[] NOTHING = {};

  public ColumnStatistics(double nulls, long distinct, List<byte[]> bounds) {
    this(nulls, distinct, ImmutableList.copyOf(bounds));
  }

  /** A value of a column of this type, not null, as bounds have it: the beginning of its key. */
  public static byte[] key(ColumnType type, Object value) {
    byte[] key = new KeyCodec(List.of(KeyColumn.ascending(0, type))).encode(NOTHING, new Object[] {value});
    return key.length <= BOUND_BYTES_MAX ? key : Arrays.copyOf(key, BOUND_BYTES_MAX);
  }

  /** The part of all rows that have one value, of which nothing is known. */
  public double equal() {
    return (1 - nulls) / Math.max(1, distinct);
  }

  /** The part of all rows that have the value with this key. */
  public double equal(byte[] key) {
    if (bounds.isEmpty() || Arrays.compareUnsigned(key, bounds.getFirst()) < 0 || Arrays.compareUnsigned(key, bounds.getLast()) > 0) {
      return 0;
    }
    int parts = Math.max(1, bounds.size() - 1);
    int frequentParts = 0;
    int frequentValues = 0;
    for (int i = 0; i < bounds.size(); i++) {
      int first = i;
      while (i + 1 < bounds.size() && Arrays.equals(bounds.get(first), bounds.get(i + 1))) {
        i++;
      }
      if (i > first && Arrays.equals(bounds.get(first), key)) {
        return (1 - nulls) * (i - first) / parts;
      }
      frequentParts += i - first;
      frequentValues += i > first ? 1 : 0;
    }
    // The values that are not frequent share what the frequent ones leave.
    double rest = Math.max(1, parts - frequentParts) / (double) parts;
    return (1 - nulls) * rest / Math.max(1, distinct - frequentValues);
  }

  /** The part of all rows whose value is below that with this key. */
  public double below(byte[] key) {
    if (bounds.isEmpty()) {
      return 0;
    }
    int index = 0;
    while (index < bounds.size() && Arrays.compareUnsigned(bounds.get(index), key) < 0) {
      index++;
    }
    // Somewhere between two bounds: in the middle, say.
    double parts = index == 0 ? 0 : index == bounds.size() ? bounds.size() - 1 : index - 0.5;
    return (1 - nulls) * Math.min(1, parts / Math.max(1, bounds.size() - 1));
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ColumnStatistics other && Double.compare(nulls, other.nulls) == 0 && distinct == other.distinct
        && bounds.size() == other.bounds.size() && Arrays.deepEquals(bounds.toArray(), other.bounds.toArray());
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(nulls) + Long.hashCode(distinct);
  }
}
