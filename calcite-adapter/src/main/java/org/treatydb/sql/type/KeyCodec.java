package org.treatydb.sql.type;

import java.util.List;
import java.util.UUID;
import org.treatydb.kv.api.KeyRange;

/**
 * Encodes tuples of SQL values as keys whose unsigned lexicographic byte order is the order of the tuples.
 *
 * <p>Guarantees:
 * <ul>
 *   <li><b>Order.</b> Column by column: numbers and times by value ({@code 1.0 = 1.00}, {@code -0.0 = 0.0}, NaN above infinity),
 *       false before true, character strings as {@link String#compareTo} (by UTF-16 code unit), binary strings by unsigned byte. NULL comes
 *       after every value. A descending column reverses all of that, so that there NULL comes first.
 *   <li><b>Equal is equal.</b> Two tuples have the same encoding exactly if their values are equal in that order.
 *   <li><b>Round trip.</b> Decoding gives equal values: DECIMAL at the column's scale, CHAR padded, {@code -0.0} as {@code 0.0}. Strings
 *     come back unit for unit, lone surrogates too.
 *   <li><b>Prefix-free.</b> No column's encoding is the beginning of another's. So all keys whose first columns have given values are those
 *       that begin with {@link #encodePrefix} of these values.
 * </ul>
 *
 * <p>This is a storage format, frozen: a change is a new codec beside this one, and {@code KeyCodecGoldenTest} fails. A column is one
 * marker byte, {@code 01} for a value, {@code 02} for NULL, followed by the value:
 * <ul>
 *   <li>SMALLINT, INTEGER, DATE, BIGINT, TIME, TIMESTAMP: 2, 4, 4, 8, 8, 8 bytes big-endian, sign bit inverted (times in microseconds).
 *   <li>REAL, DOUBLE: the IEEE bits, sign bit inverted; all bits inverted if negative.
 *   <li>DECIMAL: exponent and digits in base 100, see {@link DecimalKey}; independent of the scale.
 *   <li>BOOLEAN: {@code 00} or {@code 01}.
 *   <li>CHAR (padded), VARCHAR: each UTF-16 unit as one, two or three bytes in the manner of UTF-8 (surrogates too: CESU-8), with
 *       {@code 00} as {@code 01 01} and {@code 01} as {@code 01 02}; then {@code 00}.
 *   <li>BINARY, VARBINARY: the bytes, {@code 00} and {@code 01} escaped the same way; then {@code 00}.
 *   <li>UUID: its halves, 8 bytes each, big-endian, sign bits inverted.
 *   <li>Descending: all of the column's bytes, marker included, inverted.
 * </ul>
 *
 * <p>Values are of the run-time classes that {@link org.treatydb.sql.api.SqlCursor#row} lists (or Calcite's {@code ByteString}), within
 * their type's range: {@link ValueConverter} sees to that. Otherwise {@link IllegalArgumentException}. Bounds may go beyond a DECIMAL's
 * scale and a string's length. Immutable, thread-safe.
 */
public final class KeyCodec {

  private static final int VALUE = 0x01;
  private static final int NULL = 0x02;
  private static final int BYTES_PER_COLUMN_GUESS = 12;

  private final List<KeyColumn> columns;

  public KeyCodec(List<KeyColumn> columns) {
    this.columns = List.copyOf(columns);
  }

  public List<KeyColumn> columns() {
    return columns;
  }

  /** The key of {@code row}: {@code prefix}, then the values at the columns' positions. */
  public byte[] encode(byte[] prefix, Object[] row) {
    ByteSink out = sink(prefix);
    for (int i = 0; i < columns.size(); i++) {
      KeyColumn column = columns.get(i);
      put(out, column, row[column.position()]);
    }
    return out.toBytes();
  }

  /**
   * What the keys begin with whose first columns have {@code values}: {@code prefix}, then as many columns as there are values. With a
   * value for every column, the key itself.
   */
  public byte[] encodePrefix(byte[] prefix, List<?> values) {
    ByteSink out = sink(prefix);
    for (int i = 0; i < values.size(); i++) {
      put(out, columns.get(i), values.get(i));
    }
    return out.toBytes();
  }

  /**
   * The keys whose first columns equal {@code equal}, and whose next column lies between {@code lower} and {@code upper} in SQL's order,
   * whether the key sorts it upwards or downwards.
   *
   * @param equal values of the first columns; a null here finds NULL
   * @param lower null for no lower end
   * @param upper null for no upper end; if both are null, the next column is not looked at, otherwise its NULLs are left out
   * @return possibly an empty range, whose start is not below its end
   */
  public KeyRange range(byte[] prefix, List<?> equal, KeyBound lower, KeyBound upper) {
    byte[] base = encodePrefix(prefix, equal);
    if (lower == null && upper == null) {
      return KeyRange.prefix(base);
    }
    KeyColumn column = columns.get(equal.size());
    KeyBound first = column.descending() ? upper : lower;
    KeyBound last = column.descending() ? lower : upper;
    byte[] notNull = notNull(base, column);
    byte[] start = notNull;
    if (first != null) {
      byte[] key = with(base, column, first.value());
      start = first.inclusive() ? key : KeyRange.prefixEnd(key);
    }
    byte[] end;
    if (last == null) {
      end = KeyRange.prefixEnd(notNull);
    } else {
      byte[] key = with(base, column, last.value());
      end = last.inclusive() ? KeyRange.prefixEnd(key) : key;
    }
    return new KeyRange(start, end);
  }

  /** The keys whose first columns equal {@code equal}, and whose next column is not NULL. */
  public KeyRange notNull(byte[] prefix, List<?> equal) {
    return KeyRange.prefix(notNull(encodePrefix(prefix, equal), columns.get(equal.size())));
  }

  /**
   * Puts the values of {@code key} at the columns' positions in {@code row}.
   *
   * @param offset the length of the prefix that the key was encoded with
   * @throws MalformedEncodingException if the key is not one of this codec's
   */
  public void decode(byte[] key, int offset, Object[] row) {
    ByteSource in = new ByteSource(key, offset);
    for (int i = 0; i < columns.size(); i++) {
      KeyColumn column = columns.get(i);
      in.complemented(column.descending());
      Object value = next(in, column.type());
      if (column.position() >= 0) {
        row[column.position()] = value;
      }
    }
    if (in.hasMore()) {
      throw new MalformedEncodingException("a key that goes on after its last column, at byte " + in.position());
    }
  }

  private ByteSink sink(byte[] prefix) {
    ByteSink out = new ByteSink(prefix.length + columns.size() * BYTES_PER_COLUMN_GUESS);
    out.put(prefix);
    return out;
  }

  private byte[] with(byte[] base, KeyColumn column, Object value) {
    ByteSink out = sink(base);
    put(out, column, value);
    return out.toBytes();
  }

  private byte[] notNull(byte[] base, KeyColumn column) {
    ByteSink out = sink(base);
    out.put(column.descending() ? ~VALUE : VALUE);
    return out.toBytes();
  }

  private static void put(ByteSink out, KeyColumn column, Object value) {
    int start = out.size();
    if (value == null) {
      out.put(NULL);
    } else {
      out.put(VALUE);
      putValue(out, column.type(), value);
    }
    if (column.descending()) {
      out.complement(start);
    }
  }

  private static void putValue(ByteSink out, ColumnType type, Object value) {
    switch (type.kind()) {
      case SMALLINT -> out.putShort((int) RuntimeValue.integral(type, value) ^ Short.MIN_VALUE);
      case INTEGER, DATE -> out.putInt((int) RuntimeValue.integral(type, value) ^ Integer.MIN_VALUE);
      case BIGINT -> out.putLong(RuntimeValue.integral(type, value) ^ Long.MIN_VALUE);
      case TIME, TIMESTAMP -> out.putLong(RuntimeValue.micros(type, value) ^ Long.MIN_VALUE);
      case REAL -> out.putInt(sortable((float) RuntimeValue.real(type, value)));
      case DOUBLE -> out.putLong(sortable(RuntimeValue.real(type, value)));
      case DECIMAL -> DecimalKey.put(out, RuntimeValue.decimal(type, value));
      case BOOLEAN -> out.put(RuntimeValue.truth(type, value) ? 1 : 0);
      case CHAR, VARCHAR -> StringKey.put(out, RuntimeValue.text(type, value));
      case BINARY, VARBINARY -> StringKey.put(out, RuntimeValue.bytes(type, value));
      case UUID -> {
        UUID uuid = RuntimeValue.uuid(type, value);
        out.putLong(uuid.getMostSignificantBits() ^ Long.MIN_VALUE);
        out.putLong(uuid.getLeastSignificantBits() ^ Long.MIN_VALUE);
      }
    }
  }

  private static Object next(ByteSource in, ColumnType type) {
    int marker = in.next();
    if (marker == NULL) {
      return null;
    }
    if (marker != VALUE) {
      throw new MalformedEncodingException("a column that begins with " + marker + " before byte " + in.position());
    }
    return switch (type.kind()) {
      case SMALLINT -> (short) (in.big(Short.BYTES) ^ Short.MIN_VALUE);
      case INTEGER, DATE -> (int) in.big(Integer.BYTES) ^ Integer.MIN_VALUE;
      case BIGINT -> in.big(Long.BYTES) ^ Long.MIN_VALUE;
      case TIME, TIMESTAMP -> RuntimeValue.fromMicros(type, in.big(Long.BYTES) ^ Long.MIN_VALUE);
      case REAL -> unsorted((int) in.big(Integer.BYTES));
      case DOUBLE -> unsorted(in.big(Long.BYTES));
      case DECIMAL -> DecimalKey.next(in, type.scale());
      case BOOLEAN -> truth(in.next());
      case CHAR, VARCHAR -> StringKey.nextText(in);
      case BINARY, VARBINARY -> StringKey.nextBytes(in);
      case UUID -> new UUID(in.big(Long.BYTES) ^ Long.MIN_VALUE, in.big(Long.BYTES) ^ Long.MIN_VALUE);
    };
  }

  /** Adding zero turns -0.0 into 0.0; {@code doubleToLongBits} makes all NaNs one. */
  private static long sortable(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
  }

  private static int sortable(float value) {
    int bits = Float.floatToIntBits(value + 0.0f);
    return bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE;
  }

  private static double unsorted(long bits) {
    return Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
  }

  private static float unsorted(int bits) {
    return Float.intBitsToFloat(bits < 0 ? bits ^ Integer.MIN_VALUE : ~bits);
  }

  private static boolean truth(int b) {
    if (b > 1) {
      throw new MalformedEncodingException("a truth value of " + b);
    }
    return b == 1;
  }
}
