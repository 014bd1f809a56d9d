package org.treatydb.sql.type;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.UUID;
import org.apache.calcite.avatica.util.ByteString;

/**
 * Reads a run-time value as its column's kind wants it. A value of a wrong class, or out of its type's range, is a defect of the caller
 * (values from outside go through {@link ValueConverter}), and throws {@link IllegalArgumentException}, without the value.
 */
final class RuntimeValue {

  private static final long MICROS_PER_MILLI = 1000;

  private RuntimeValue() {}

  /** SMALLINT, INTEGER, BIGINT, DATE: any integral number in the kind's range. */
  static long integral(ColumnType type, Object value) {
    long number;
    if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
      number = ((Number) value).longValue();
    } else if (value instanceof BigDecimal decimal && decimal.signum() != 0 && decimal.precision() - decimal.scale() > 20) {
      throw wrong(type, value);
    } else if (value instanceof BigDecimal decimal) {
      try {
        number = decimal.longValueExact();
      } catch (ArithmeticException e) {
        throw wrong(type, value);
      }
    } else {
      throw wrong(type, value);
    }
    boolean fits = switch (type.kind()) {
      case SMALLINT -> number == (short) number;
      case BIGINT -> true;
      default -> number == (int) number;
    };
    if (!fits) {
      throw wrong(type, value);
    }
    return number;
  }

  /** TIME and TIMESTAMP: microseconds, saturated at the ends of a long. */
  static long micros(ColumnType type, Object value) {
    if (!(value instanceof Long || value instanceof Integer)) {
      throw wrong(type, value);
    }
    long millis = ((Number) value).longValue();
    long limit = Long.MAX_VALUE / MICROS_PER_MILLI;
    return Math.clamp(millis, -limit, limit) * MICROS_PER_MILLI;
  }

  /** Reverses {@link #micros}. */
  static Object fromMicros(ColumnType type, long micros) {
    long millis = Math.floorDiv(micros, MICROS_PER_MILLI);
    if (type.kind() == ColumnType.Kind.TIMESTAMP) {
      return millis;
    }
    if (millis != (int) millis) {
      throw new MalformedEncodingException("a time of more than 32 bits");
    }
    return (int) millis;
  }

  /** Reverses {@link #integral}. */
  static Object fromIntegral(ColumnType type, long number) {
    Object value = switch (type.kind()) {
      case SMALLINT -> (short) number;
      case BIGINT -> number;
      default -> (int) number;
    };
    if (((Number) value).longValue() != number) {
      throw new MalformedEncodingException("a number that is no " + type);
    }
    return value;
  }

  static UUID uuid(ColumnType type, Object value) {
    if (value instanceof UUID uuid) {
      return uuid;
    }
    throw wrong(type, value);
  }

  static BigDecimal decimal(ColumnType type, Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    }
    if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
      return BigDecimal.valueOf(((Number) value).longValue());
    }
    throw wrong(type, value);
  }

  static double real(ColumnType type, Object value) {
    if (value instanceof Number number && !(value instanceof BigDecimal)) {
      return number.doubleValue();
    }
    throw wrong(type, value);
  }

  static boolean truth(ColumnType type, Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    }
    throw wrong(type, value);
  }

  static String text(ColumnType type, Object value) {
    if (value instanceof String text) {
      return type.kind() == ColumnType.Kind.CHAR ? padded(text, type.precision()) : text;
    }
    throw wrong(type, value);
  }

  /** A CHAR as rows keep it: without trailing spaces. */
  static String unpadded(ColumnType type, Object value) {
    if (value instanceof String text) {
      return withoutSpacesBeyond(text, 0);
    }
    throw wrong(type, value);
  }

  static byte[] bytes(ColumnType type, Object value) {
    byte[] bytes = switch (value) {
      case byte[] array -> array;
      case ByteString string -> string.getBytes();
      default -> throw wrong(type, value);
    };
    return type.kind() == ColumnType.Kind.BINARY && bytes.length < type.precision() ? Arrays.copyOf(bytes, type.precision()) : bytes;
  }

  /** {@code text} at exactly {@code length}, as far as adding or cutting trailing spaces can bring it there. */
  static String padded(String text, int length) {
    if (text.length() == length) {
      return text;
    }
    return text.length() < length ? text + " ".repeat(length - text.length()) : withoutSpacesBeyond(text, length);
  }

  /** {@code text} without its trailing spaces, as far as they stand beyond {@code length}. */
  static String withoutSpacesBeyond(String text, int length) {
    int end = text.length();
    while (end > length && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  private static IllegalArgumentException wrong(ColumnType type, Object value) {
    return new IllegalArgumentException("a " + value.getClass().getSimpleName() + " that is no " + type);
  }
}
