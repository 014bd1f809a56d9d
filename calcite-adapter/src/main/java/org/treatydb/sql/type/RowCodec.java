package org.treatydb.sql.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Encodes the columns of a row that are not in its key, each under its column id, so that adding or dropping a column rewrites no rows.
 *
 * <p>A stored column that the codec does not know (dropped, or not asked for) is passed over. A column that is not stored gets its
 * {@link RowColumn#whenAbsent}. Values come back as they went in, NaNs and {@code -0.0} and lone surrogates too; CHAR comes back padded,
 * DECIMAL at the column's scale.
 *
 * <p>This is a storage format, version 1, with a golden test. The first byte is the version. Then come columns with ascending ids, each a
 * header, {@code (id − id before) << 3 | form} as a varint, and the value in one of these forms:
 * <ul>
 *   <li>0: NULL; written only if absence would mean something else. 1, 2: false, true.
 *   <li>3: SMALLINT, INTEGER, BIGINT, DATE, and TIME and TIMESTAMP in microseconds: zigzag varint.
 *   <li>4, 5: REAL, DOUBLE: the IEEE bits, 4 or 8 bytes big-endian.
 *   <li>6: a varint length and as many bytes: BINARY, VARBINARY as they are; UUID its 16, big-endian; DECIMAL one byte scale and the
 *       unscaled value, two's complement, big-endian; CHAR (without trailing spaces) and VARCHAR in UTF-8, where a lone surrogate has the
 *       three bytes its code point would have.
 * </ul>
 * The form tells a value's extent without its type; a number's width does not show, so widening a type rewrites nothing either.
 *
 * <p>Immutable, thread-safe.
 */
public final class RowCodec {

  private static final int VERSION = 1;

  private static final int FORM_BITS = 3;
  private static final int NULL = 0;
  private static final int FALSE = 1;
  private static final int TRUE = 2;
  private static final int VARINT = 3;
  private static final int FIXED4 = 4;
  private static final int FIXED8 = 5;
  private static final int BYTES = 6;

  private static final int BYTES_PER_COLUMN_GUESS = 10;
  private static final int UUID_BYTES = 16;
  /** More than 38 digits need, with room to grow; keeps a forged scale from costing memory. */
  private static final int DECIMAL_SCALE_MAX = 100;

  private final RowColumn[] columns;

  /**
   * A codec for {@code columns}, in any order.
   *
   * @throws IllegalArgumentException if two have the same id
   */
  public RowCodec(List<RowColumn> columns) {
    this.columns = columns.toArray(RowColumn[]::new);
    Arrays.sort(this.columns, Comparator.comparingInt(RowColumn::id));
    for (int i = 1; i < this.columns.length; i++) {
      if (this.columns[i].id() == this.columns[i - 1].id()) {
        throw new IllegalArgumentException("two columns with id " + this.columns[i].id());
      }
    }
  }

  /**
   * The stored form of the values at the columns' positions in {@code row}.
   *
   * @throws IllegalArgumentException if a value is not of its column's run-time class, or not in its type's range; {@link ValueConverter}
   *     sees to both
   */
  public byte[] encode(Object[] row) {
    ByteSink out = new ByteSink(1 + columns.length * BYTES_PER_COLUMN_GUESS);
    out.put(VERSION);
    int before = 0;
    for (RowColumn column : columns) {
      Object value = row[column.position()];
      if (value != null || column.whenAbsent() != null) {
        put(out, column.id() - before, column.type(), value);
        before = column.id();
      }
    }
    return out.toBytes();
  }

  /**
   * Puts the stored values at the columns' positions in {@code row}; other positions are left alone.
   *
   * @throws MalformedEncodingException if {@code encoded} is not what a codec with these columns' types made
   */
  public void decode(byte[] encoded, Object[] row) {
    for (RowColumn column : columns) {
      row[column.position()] = column.whenAbsent();
    }
    ByteSource in = new ByteSource(encoded, 0);
    int version = in.next();
    if (version != VERSION) {
      throw new MalformedEncodingException("a row of version " + version);
    }
    int next = 0;
    int id = 0;
    while (in.hasMore()) {
      long header = in.varint();
      long step = header >>> FORM_BITS;
      if (step == 0 || step > Integer.MAX_VALUE - id) {
        throw new MalformedEncodingException("a column id out of order before byte " + in.position());
      }
      id += (int) step;
      int form = (int) header & (1 << FORM_BITS) - 1;
      while (next < columns.length && columns[next].id() < id) {
        next++;
      }
      if (next < columns.length && columns[next].id() == id) {
        row[columns[next].position()] = next(in, form, columns[next].type());
      } else {
        skip(in, form);
      }
    }
  }

  private static void put(ByteSink out, int step, ColumnType type, Object value) {
    long header = (long) step << FORM_BITS;
    if (value == null) {
      out.putVarint(header | NULL);
      return;
    }
    switch (type.kind()) {
      case SMALLINT, INTEGER, BIGINT, DATE -> putNumber(out, header, RuntimeValue.integral(type, value));
      case TIME, TIMESTAMP -> putNumber(out, header, RuntimeValue.micros(type, value));
      case REAL -> {
        out.putVarint(header | FIXED4);
        out.putInt(Float.floatToRawIntBits((float) RuntimeValue.real(type, value)));
      }
      case DOUBLE -> {
        out.putVarint(header | FIXED8);
        out.putLong(Double.doubleToRawLongBits(RuntimeValue.real(type, value)));
      }
      case BOOLEAN -> out.putVarint(header | (RuntimeValue.truth(type, value) ? TRUE : FALSE));
      case DECIMAL -> putDecimal(out, header, type, RuntimeValue.decimal(type, value));
      case CHAR -> putText(out, header, RuntimeValue.unpadded(type, value));
      case VARCHAR -> putText(out, header, RuntimeValue.text(type, value));
      case BINARY, VARBINARY -> {
        byte[] bytes = RuntimeValue.bytes(type, value);
        out.putVarint(header | BYTES);
        out.putVarint(bytes.length);
        out.put(bytes);
      }
      case UUID -> {
        UUID uuid = RuntimeValue.uuid(type, value);
        out.putVarint(header | BYTES);
        out.putVarint(UUID_BYTES);
        out.putLong(uuid.getMostSignificantBits());
        out.putLong(uuid.getLeastSignificantBits());
      }
    }
  }

  private static void putNumber(ByteSink out, long header, long number) {
    out.putVarint(header | VARINT);
    out.putVarint(number << 1 ^ number >> 63);
  }

  private static void putText(ByteSink out, long header, String text) {
    out.putVarint(header | BYTES);
    out.putVarint(RowText.length(text));
    RowText.put(out, text);
  }

  private static void putDecimal(ByteSink out, long header, ColumnType type, BigDecimal value) {
    BigDecimal scaled;
    try {
      scaled = value.setScale(type.scale());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("a BigDecimal of scale " + value.scale() + " that is no " + type, e);
    }
    byte[] unscaled = scaled.unscaledValue().toByteArray();
    out.putVarint(header | BYTES);
    out.putVarint(1 + unscaled.length);
    out.put(type.scale());
    out.put(unscaled);
  }

  private static Object next(ByteSource in, int form, ColumnType type) {
    if (form == NULL) {
      return null;
    }
    switch (type.kind()) {
      case SMALLINT, INTEGER, BIGINT, DATE -> {
        expect(form == VARINT, form, type);
        return RuntimeValue.fromIntegral(type, number(in));
      }
      case TIME, TIMESTAMP -> {
        expect(form == VARINT, form, type);
        return RuntimeValue.fromMicros(type, number(in));
      }
      case REAL -> {
        expect(form == FIXED4, form, type);
        return Float.intBitsToFloat((int) in.big(Integer.BYTES));
      }
      case DOUBLE -> {
        expect(form == FIXED8, form, type);
        return Double.longBitsToDouble(in.big(Long.BYTES));
      }
      case BOOLEAN -> {
        expect(form == TRUE || form == FALSE, form, type);
        return form == TRUE;
      }
      default -> {
        expect(form == BYTES, form, type);
        int length = in.length();
        int start = in.position();
        in.skip(length);
        return fromBytes(in.array(), start, length, type);
      }
    }
  }

  private static Object fromBytes(byte[] array, int start, int length, ColumnType type) {
    return switch (type.kind()) {
      case CHAR -> RuntimeValue.padded(RowText.get(array, start, length), type.precision());
      case VARCHAR -> RowText.get(array, start, length);
      case DECIMAL -> decimal(array, start, length, type);
      case UUID -> uuid(array, start, length);
      default -> Arrays.copyOfRange(array, start, start + length);
    };
  }

  private static BigDecimal decimal(byte[] array, int start, int length, ColumnType type) {
    if (length < 2 || array[start] < 0 || array[start] > DECIMAL_SCALE_MAX) {
      throw new MalformedEncodingException("a decimal of " + length + " bytes at byte " + start);
    }
    BigDecimal value = new BigDecimal(new BigInteger(array, start + 1, length - 1), array[start]);
    try {
      return value.setScale(type.scale());
    } catch (ArithmeticException e) {
      throw new MalformedEncodingException("a decimal of more than " + type.scale() + " digits after the point");
    }
  }

  private static UUID uuid(byte[] array, int start, int length) {
    if (length != UUID_BYTES) {
      throw new MalformedEncodingException("a UUID of " + length + " bytes at byte " + start);
    }
    ByteSource halves = new ByteSource(array, start);
    return new UUID(halves.big(Long.BYTES), halves.big(Long.BYTES));
  }

  private static long number(ByteSource in) {
    long zigzag = in.varint();
    return zigzag >>> 1 ^ -(zigzag & 1);
  }

  private static void skip(ByteSource in, int form) {
    switch (form) {
      case NULL, FALSE, TRUE -> {
        // The header was all.
      }
      case VARINT -> in.varint();
      case FIXED4 -> in.skip(Integer.BYTES);
      case FIXED8 -> in.skip(Long.BYTES);
      case BYTES -> in.skip(in.length());
      default -> throw new MalformedEncodingException("a value of form " + form + " before byte " + in.position());
    }
  }

  private static void expect(boolean fitting, int form, ColumnType type) {
    if (!fitting) {
      throw new MalformedEncodingException("a value of form " + form + " in a column of " + type);
    }
  }
}
