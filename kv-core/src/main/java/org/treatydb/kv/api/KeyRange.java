package org.treatydb.kv.api;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A range of keys: from {@code start}, included, to {@code end}, excluded, in unsigned lexicographic order. A null
 * {@code end} means no upper bound. The arrays are not copied and must not change. Immutable and thread-safe under that
 * rule.
 */
public record KeyRange(byte[] start, byte[] end) {

  private static final byte[] FIRST = new byte[0];

  /** Every key. */
  public static final KeyRange ALL = new KeyRange(FIRST, null);

  public KeyRange {
    Objects.requireNonNull(start, "start");
  }

  /** Just {@code key}. */
  public static KeyRange point(byte[] key) {
    return new KeyRange(key, Arrays.copyOf(key, key.length + 1));
  }

  /** Every key that begins with {@code prefix}. */
  public static KeyRange prefix(byte[] prefix) {
    return new KeyRange(prefix, prefixEnd(prefix));
  }

  /** The smallest key above every key that begins with {@code prefix}; null if there is none. */
  public static byte[] prefixEnd(byte[] prefix) {
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != (byte) 0xff) {
        byte[] end = Arrays.copyOf(prefix, i + 1);
        end[i]++;
        return end;
      }
    }
    return null;
  }

  public boolean isEmpty() {
    return end != null && Arrays.compareUnsigned(start, end) >= 0;
  }

  /** Whether there is room in it for one key only. */
  public boolean isPoint() {
    return end != null && end.length == start.length + 1 && end[start.length] == 0
        && Arrays.equals(start, 0, start.length, end, 0, start.length);
  }

  /** Whether every key of {@code other} is in it, too; {@code other} is not empty. */
  public boolean covers(KeyRange other) {
    return Arrays.compareUnsigned(start, other.start) <= 0
        && (end == null || other.end != null && Arrays.compareUnsigned(other.end, end) <= 0);
  }

  public boolean contains(byte[] key) {
    return Arrays.compareUnsigned(start, key) <= 0 && (end == null || Arrays.compareUnsigned(key, end) < 0);
  }

  public boolean overlaps(KeyRange other) {
    return (other.end == null || Arrays.compareUnsigned(start, other.end) < 0)
        && (end == null || Arrays.compareUnsigned(other.start, end) < 0);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof KeyRange other && Arrays.equals(start, other.start) && Arrays.equals(end, other.end);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(start) + Arrays.hashCode(end);
  }

  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return "[" + hex.formatHex(start) + ", " + (end == null ? "∞" : hex.formatHex(end)) + ")";
  }
}
