package org.treatydb.sql.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.treatydb.sql.api.SqlState;

/** Conversions to the numeric types. */
final class Numbers {

  /** Longer text is no number; parsing digits takes more than linear time. */
  private static final int TEXT_MAX = 1000;

  /** No type holds integers of more digits. */
  private static final int LONG_DIGITS_MAX = 19;

  private Numbers() {}

  static Number integral(Conversion conversion, Object value) throws SQLException {
    long number = switch (value) {
      case Integer _, Long _, Short _, Byte _, AtomicInteger _, AtomicLong _ -> ((Number) value).longValue();
      default -> whole(conversion, exact(conversion, value));
    };
    return switch (conversion.type().kind()) {
      case SMALLINT -> {
        if (number != (short) number) {
          throw conversion.outOfRange(value.toString());
        }
        yield (short) number;
      }
      case INTEGER -> {
        if (number != (int) number) {
          throw conversion.outOfRange(value.toString());
        }
        yield (int) number;
      }
      default -> number;
    };
  }

  private static long whole(Conversion conversion, BigDecimal number) throws SQLException {
    if (number.signum() == 0) {
      return 0;
    }
    long digitsBeforePoint = (long) number.precision() - number.scale();
    if (digitsBeforePoint > LONG_DIGITS_MAX) {
      throw conversion.outOfRange(number.toString());
    }
    BigDecimal shortest = number.stripTrailingZeros();
    if (shortest.scale() > 0) {
      throw conversion.hasFraction(number.toString());
    }
    try {
      return shortest.longValueExact();
    } catch (ArithmeticException e) {
      throw conversion.outOfRange(number.toString());
    }
  }

  static BigDecimal decimal(Conversion conversion, Object value) throws SQLException {
    BigDecimal number = exact(conversion, value);
    ColumnType type = conversion.type();
    long digitsBeforePoint = (long) number.precision() - number.scale();
    if (number.signum() == 0 || digitsBeforePoint < -type.scale()) {
      return BigDecimal.valueOf(0, type.scale());
    }
    if (digitsBeforePoint > type.precision() - type.scale()) {
      throw conversion.outOfRange(value.toString());
    }
    BigDecimal rounded = number.setScale(type.scale(), RoundingMode.HALF_UP);
    if (rounded.precision() > type.precision()) {
      throw conversion.outOfRange(value.toString());
    }
    return rounded;
  }

  static Double doublePrecision(Conversion conversion, Object value) throws SQLException {
    return switch (value) {
      case Double number -> number;
      case Float number -> number.doubleValue();
      case CharSequence text when notFinite(text) != null -> notFinite(text);
      default -> {
        double number = exact(conversion, value).doubleValue();
        if (Double.isInfinite(number)) {
          throw conversion.outOfRange(value.toString());
        }
        yield number;
      }
    };
  }

  static Float real(Conversion conversion, Object value) throws SQLException {
    return switch (value) {
      case Float number -> number;
      case CharSequence text when notFinite(text) != null -> notFinite(text).floatValue();
      case Double number when !Double.isFinite(number) -> number.floatValue();
      default -> {
        float number = exact(conversion, value).floatValue();
        if (Float.isInfinite(number)) {
          throw conversion.outOfRange(value.toString());
        }
        yield number;
      }
    };
  }

  private static Double notFinite(CharSequence text) {
    if (text.length() > TEXT_MAX) {
      return null;
    }
    return switch (text.toString().strip().toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "infinity", "+infinity", "inf", "+inf" -> Double.POSITIVE_INFINITY;
      case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  /** Any finite number, exactly; a Float or Double as the shortest decimal that stands for it. */
  private static BigDecimal exact(Conversion conversion, Object value) throws SQLException {
    return switch (value) {
      case BigDecimal number -> number;
      case BigInteger number -> new BigDecimal(number);
      case Integer _, Long _, Short _, Byte _, AtomicInteger _, AtomicLong _ -> BigDecimal.valueOf(((Number) value).longValue());
      case Double number when !Double.isFinite(number) -> throw conversion.outOfRange(value.toString());
      case Float number when !Float.isFinite(number) -> throw conversion.outOfRange(value.toString());
      case Number number -> parsed(conversion, number.toString());
      case CharSequence text -> parsed(conversion, text.toString());
      default -> throw conversion.mismatch(value);
    };
  }

  private static BigDecimal parsed(Conversion conversion, String text) throws SQLException {
    String stripped = text.length() > TEXT_MAX ? text : text.strip();
    // BigDecimal would take the digits of every script.
    if (stripped.length() <= TEXT_MAX && stripped.chars().allMatch(c -> c < 0x80)) {
      try {
        return new BigDecimal(stripped);
      } catch (NumberFormatException e) {
        // Falls to the error below, which says what was expected.
      }
    }
    throw conversion.invalid(SqlState.INVALID_CHARACTER_VALUE, text);
  }
}
