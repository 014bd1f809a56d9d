package org.treatydb.sql.exec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.apache.calcite.linq4j.function.Strict;

/**
 * Values cast to text, called by generated code, in PostgreSQL's spelling: {@code 0.01}, {@code 1e+100}, {@code true},
 * {@code 2026-01-31 23:59:59.5}. And CHAR as it is compared. NULL in, NULL out, by {@link Strict}.
 */
@Strict
public final class TextForm {

  /** Numbers from 10 to this power on, and below 10 to the other, are written with an exponent. */
  private static final int DOUBLE_EXPONENT_MIN = 15;
  private static final int REAL_EXPONENT_MIN = 6;
  private static final int SMALL_EXPONENT_MAX = -5;

  private static final long MILLIS_PER_SECOND = 1000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
      .appendPattern("HH:mm:ss")
      .appendFraction(ChronoField.MILLI_OF_SECOND, 0, 3, true)
      .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
      .append(DateTimeFormatter.ISO_LOCAL_DATE)
      .appendLiteral(' ')
      .append(TIME)
      .toFormatter(Locale.ROOT);

  private TextForm() {}

  /** A DECIMAL of this scale. */
  public static String of(BigDecimal value, int scale) {
    return value.setScale(scale, RoundingMode.HALF_UP).toPlainString();
  }

  public static String of(double value) {
    return Double.isFinite(value) && value != 0
        ? shortest(new BigDecimal(Double.toString(value)), DOUBLE_EXPONENT_MIN) : special(value);
  }

  public static String of(float value) {
    return Float.isFinite(value) && value != 0
        ? shortest(new BigDecimal(Float.toString(value)), REAL_EXPONENT_MIN) : special(value);
  }

  public static String of(boolean value) {
    return Boolean.toString(value);
  }

  /** A TIME, in milliseconds since midnight. */
  public static String time(int millis) {
    return LocalTime.ofNanoOfDay(millis * NANOS_PER_MILLI).format(TIME);
  }

  /** A TIMESTAMP, in milliseconds since 1970. */
  public static String timestamp(long millis) {
    int nanos = (int) (Math.floorMod(millis, MILLIS_PER_SECOND) * NANOS_PER_MILLI);
    return LocalDateTime.ofEpochSecond(Math.floorDiv(millis, MILLIS_PER_SECOND), nanos, ZoneOffset.UTC).format(TIMESTAMP);
  }

  /** A CHAR without the spaces it is padded with. */
  public static String withoutTrailingSpaces(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  private static String special(double value) {
    if (value == 0) {
      return Double.doubleToRawLongBits(value) == 0 ? "0" : "-0";
    }
    return Double.toString(value);
  }

  private static String shortest(BigDecimal value, int exponentMin) {
    BigDecimal digits = value.stripTrailingZeros();
    int exponent = digits.precision() - digits.scale() - 1;
    if (exponent > SMALL_EXPONENT_MAX && exponent < exponentMin) {
      return digits.toPlainString();
    }
    String mantissa = digits.scaleByPowerOfTen(-exponent).toPlainString();
    String magnitude = Integer.toString(Math.abs(exponent));
    return mantissa + 'e' + (exponent < 0 ? '-' : '+') + (magnitude.length() < 2 ? "0" + magnitude : magnitude);
  }
}
