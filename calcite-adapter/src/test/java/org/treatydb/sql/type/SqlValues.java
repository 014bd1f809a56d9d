package org.treatydb.sql.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Seeded run-time values of every type: edges, near misses of one another, and random ones. */
final class SqlValues {

  static final List<ColumnType> TYPES = List.of(
      ColumnType.of(ColumnType.Kind.SMALLINT), ColumnType.of(ColumnType.Kind.INTEGER), ColumnType.of(ColumnType.Kind.BIGINT),
      ColumnType.decimal(5, 2), ColumnType.decimal(38, 0), ColumnType.decimal(38, 38), ColumnType.decimal(38, 10), ColumnType.decimal(9, 3),
      ColumnType.of(ColumnType.Kind.REAL), ColumnType.of(ColumnType.Kind.DOUBLE), ColumnType.of(ColumnType.Kind.BOOLEAN),
      ColumnType.of(ColumnType.Kind.CHAR, 3), ColumnType.of(ColumnType.Kind.VARCHAR), ColumnType.of(ColumnType.Kind.VARCHAR, 4),
      ColumnType.of(ColumnType.Kind.BINARY, 3), ColumnType.of(ColumnType.Kind.VARBINARY), ColumnType.of(ColumnType.Kind.DATE),
      ColumnType.of(ColumnType.Kind.TIME), ColumnType.of(ColumnType.Kind.TIMESTAMP), ColumnType.of(ColumnType.Kind.UUID));

  private static final long TIMESTAMP_MIN = -62_135_596_800_000L;
  private static final long TIMESTAMP_MAX = 253_402_300_799_999L;
  private static final String UNITS = "\u0000\u0001\u0002 ab\u007f\u0080\u00ff\u07ff\u0800\ud7ff\ud800\udbff\udc00\udfff\ue000\uffff";

  private final RandomGenerator random;

  SqlValues(RandomGenerator random) {
    this.random = random;
  }

  ColumnType type() {
    return TYPES.get(random.nextInt(TYPES.size()));
  }

  Object[] row(List<ColumnType> types, boolean withNulls) {
    Object[] row = new Object[types.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = withNulls && random.nextInt(6) == 0 ? null : value(types.get(i));
    }
    return row;
  }

  Object value(ColumnType type) {
    return switch (type.kind()) {
      case SMALLINT -> (short) (long) oneOf(number(Short.MIN_VALUE, Short.MAX_VALUE));
      case INTEGER -> (int) (long) oneOf(number(Integer.MIN_VALUE, Integer.MAX_VALUE));
      case BIGINT -> oneOf(number(Long.MIN_VALUE, Long.MAX_VALUE));
      case DATE -> (int) (long) oneOf(number(TIMESTAMP_MIN / 86_400_000L, TIMESTAMP_MAX / 86_400_000L));
      case TIME -> (int) (long) oneOf(List.of(0L, 1L, 999L, 1000L, 86_399_999L, random.nextLong(86_400_000L)));
      case TIMESTAMP -> oneOf(number(TIMESTAMP_MIN, TIMESTAMP_MAX));
      case DECIMAL -> decimal(type);
      case REAL -> (float) real();
      case DOUBLE -> real();
      case BOOLEAN -> random.nextBoolean();
      case CHAR -> RuntimeValue.padded(text(type.precision()), type.precision());
      case VARCHAR -> text(type.precision() == ColumnType.UNBOUNDED ? 12 : type.precision());
      case BINARY -> Arrays.copyOf(bytes(type.precision()), type.precision());
      case VARBINARY -> bytes(6);
      case UUID -> new UUID(oneOf(number(Long.MIN_VALUE, Long.MAX_VALUE)), oneOf(number(Long.MIN_VALUE, Long.MAX_VALUE)));
    };
  }

  private List<Long> number(long min, long max) {
    List<Long> choices = new ArrayList<>(List.of(min, max, min + 1, max - 1, 0L, 1L, -1L, 127L, 128L, 255L, 256L, -128L, -129L));
    choices.add(Math.clamp(random.nextLong() >> random.nextInt(Long.SIZE), min, max));
    choices.add(Math.clamp(random.nextInt(-300, 300), min, max));
    return choices;
  }

  private BigDecimal decimal(ColumnType type) {
    BigInteger limit = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
    BigInteger power = BigInteger.TEN.pow(random.nextInt(type.precision()));
    BigInteger any = new BigInteger(random.nextInt(1, 128), new java.util.Random(random.nextLong())).mod(limit);
    BigInteger magnitude = oneOf(List.of(
        BigInteger.ZERO, BigInteger.ONE, limit, power, power.add(BigInteger.ONE), power.subtract(BigInteger.ONE), any, any));
    return new BigDecimal(random.nextBoolean() ? magnitude : magnitude.negate(), type.scale());
  }

  private double real() {
    return oneOf(List.of(0.0, -0.0, 1.0, -1.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, (double) Float.MIN_VALUE,
        Double.MIN_VALUE, -Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, (double) Float.MAX_VALUE, random.nextGaussian(),
        random.nextInt(-3, 3) / 2.0, Double.longBitsToDouble(random.nextLong())));
  }

  private String text(int lengthMax) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(lengthMax + 1); text.length() < length;) {
      text.append(random.nextInt(4) == 0 ? (char) random.nextInt(0x10000) : UNITS.charAt(random.nextInt(UNITS.length())));
    }
    return text.toString();
  }

  private byte[] bytes(int lengthMax) {
    byte[] bytes = new byte[random.nextInt(lengthMax + 1)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = oneOf(List.of((byte) 0, (byte) 1, (byte) 2, (byte) 0x7f, (byte) 0x80, (byte) 0xff, (byte) random.nextInt()));
    }
    return bytes;
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
