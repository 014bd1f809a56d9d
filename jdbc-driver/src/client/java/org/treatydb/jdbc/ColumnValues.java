package org.treatydb.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Calendar;
import java.util.UUID;
import org.apache.calcite.avatica.ColumnMetaData;

/**
 * Conversions of a column's value, as frames carry it, to what a getter asks for. Values come as {@code Short} to {@code Double}, {@code
 * BigDecimal}, {@code Boolean}, {@code String}, {@code byte[]}; a DATE as its epoch day, a TIME as its millisecond of the day, a
 * TIMESTAMP as milliseconds since 1970-01-01 00:00:00 without a zone. So a date or time shows the same digits in every time zone.
 *
 * <p>A conversion that would lose something other than digits after the point fails. No method takes null.
 */
final class ColumnValues {

  private static final long MILLIS_PER_SECOND = 1000;
  private static final int NANOS_PER_MILLI = 1_000_000;
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private ColumnValues() {}

  /** The value that {@code getObject} without a class gives: JDBC's default mapping (JDBC 4.3, table B-3). */
  static Object toObject(Object value, ColumnMetaData column) throws SQLException {
    switch (column.type.id) {
      case Types.TINYINT:
      case Types.SMALLINT:
        return ((Number) value).intValue();
      case Types.DATE:
        return toDate(value, column, null);
      case Types.TIME:
        return toTime(value, column, null);
      case Types.TIMESTAMP:
        return toTimestamp(value, column, null);
      case Types.CLOB:
        return toText(value, column);
      case Types.OTHER:
        return toUuid(value, column);
      default:
        return value instanceof byte[] ? ((byte[]) value).clone() : value;
    }
  }

  static <T> T toObject(Object value, ColumnMetaData column, Class<T> type) throws SQLException {
    Object converted;
    if (type == String.class) {
      converted = toText(value, column);
    } else if (type == LocalDate.class) {
      converted = toLocalDate(value, column);
    } else if (type == LocalTime.class) {
      converted = toLocalTime(value, column);
    } else if (type == LocalDateTime.class) {
      converted = toLocalDateTime(value, column);
    } else if (type == Date.class) {
      converted = toDate(value, column, null);
    } else if (type == Time.class) {
      converted = toTime(value, column, null);
    } else if (type == Timestamp.class || type == java.util.Date.class) {
      converted = toTimestamp(value, column, null);
    } else if (type == Boolean.class) {
      converted = toBoolean(value, column);
    } else if (type == byte[].class) {
      converted = toBytes(value, column);
    } else if (type == UUID.class) {
      converted = toUuid(value, column);
    } else if (type == Object.class) {
      converted = toObject(value, column);
    } else {
      converted = toNumberOf(value, column, type);
    }
    return type.cast(converted);
  }

  private static Object toNumberOf(Object value, ColumnMetaData column, Class<?> type) throws SQLException {
    if (type == Byte.class) {
      return (byte) toWhole(value, column, Byte.MIN_VALUE, Byte.MAX_VALUE);
    } else if (type == Short.class) {
      return (short) toWhole(value, column, Short.MIN_VALUE, Short.MAX_VALUE);
    } else if (type == Integer.class) {
      return (int) toWhole(value, column, Integer.MIN_VALUE, Integer.MAX_VALUE);
    } else if (type == Long.class) {
      return toWhole(value, column, Long.MIN_VALUE, Long.MAX_VALUE);
    } else if (type == Float.class) {
      return (float) toDouble(value, column);
    } else if (type == Double.class) {
      return toDouble(value, column);
    } else if (type == BigDecimal.class) {
      return toBigDecimal(value, column);
    } else if (type == BigInteger.class) {
      return toBigDecimal(value, column).toBigInteger();
    }
    throw cannotConvert(column, type.getSimpleName(), null);
  }

  static String toText(Object value, ColumnMetaData column) throws SQLException {
    switch (column.type.id) {
      case Types.DATE:
        return toLocalDate(value, column).toString();
      case Types.TIME:
        return timeText(toLocalTime(value, column));
      case Types.TIMESTAMP:
        LocalDateTime timestamp = toLocalDateTime(value, column);
        return timestamp.toLocalDate() + " " + timeText(timestamp.toLocalTime());
      default:
        if (value instanceof byte[]) {
          return hex((byte[]) value);
        }
        return value instanceof BigDecimal ? ((BigDecimal) value).toPlainString() : value.toString();
    }
  }

  /** Hours, minutes, seconds, and the digits after the point down to the last that is not 0. */
  private static String timeText(LocalTime time) {
    String text = time.toString();
    int point = text.indexOf('.');
    if (point < 0) {
      return text.length() == 5 ? text + ":00" : text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, end);
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length * 2);
    for (byte b : bytes) {
      text.append(HEX[b >> 4 & 0xf]).append(HEX[b & 0xf]);
    }
    return text.toString();
  }

  static boolean toBoolean(Object value, ColumnMetaData column) throws SQLException {
    if (value instanceof Boolean) {
      return (Boolean) value;
    } else if (value instanceof Number && !isDateTime(column)) {
      return ((Number) value).doubleValue() != 0;
    } else if (value instanceof String) {
      String text = ((String) value).trim();
      if (text.equalsIgnoreCase("true") || text.equals("1")) {
        return true;
      } else if (text.equalsIgnoreCase("false") || text.equals("0")) {
        return false;
      }
    }
    throw cannotConvert(column, "boolean", null);
  }

  /** The whole number, without the digits after the point; 22003 if it is not between the limits. */
  static long toWhole(Object value, ColumnMetaData column, long min, long max) throws SQLException {
    BigDecimal exact;
    if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
      if (isDateTime(column)) {
        throw cannotConvert(column, "a number", null);
      }
      long whole = ((Number) value).longValue();
      if (whole >= min && whole <= max) {
        return whole;
      }
      exact = BigDecimal.valueOf(whole);
    } else {
      exact = toBigDecimal(value, column);
    }
    BigInteger whole = exact.setScale(0, RoundingMode.DOWN).toBigInteger();
    if (whole.compareTo(BigInteger.valueOf(min)) < 0 || whole.compareTo(BigInteger.valueOf(max)) > 0) {
      throw SqlErrors.of(SqlErrors.NUMERIC_OUT_OF_RANGE, "The value of column " + column.label + " is not between " + min + " and " + max
          + ".");
    }
    return whole.longValue();
  }

  static double toDouble(Object value, ColumnMetaData column) throws SQLException {
    if (value instanceof Number && !isDateTime(column)) {
      return ((Number) value).doubleValue();
    } else if (value instanceof String) {
      try {
        return Double.parseDouble(((String) value).trim());
      } catch (NumberFormatException e) {
        throw cannotConvert(column, "a number", e);
      }
    } else if (value instanceof Boolean) {
      return (Boolean) value ? 1 : 0;
    }
    throw cannotConvert(column, "a number", null);
  }

  static BigDecimal toBigDecimal(Object value, ColumnMetaData column) throws SQLException {
    if (isDateTime(column)) {
      throw cannotConvert(column, "a number", null);
    }
    try {
      if (value instanceof BigDecimal) {
        return (BigDecimal) value;
      } else if (value instanceof Double || value instanceof Float || value instanceof String) {
        return new BigDecimal(value.toString().trim());
      } else if (value instanceof Number) {
        return BigDecimal.valueOf(((Number) value).longValue());
      } else if (value instanceof Boolean) {
        return (Boolean) value ? BigDecimal.ONE : BigDecimal.ZERO;
      }
    } catch (NumberFormatException e) {
      throw cannotConvert(column, "a number", e);
    }
    throw cannotConvert(column, "a number", null);
  }

  static byte[] toBytes(Object value, ColumnMetaData column) throws SQLException {
    if (value instanceof byte[]) {
      return ((byte[]) value).clone();
    } else if (value instanceof String) {
      return ((String) value).getBytes(StandardCharsets.UTF_8);
    }
    throw cannotConvert(column, "bytes", null);
  }

  private static UUID toUuid(Object value, ColumnMetaData column) throws SQLException {
    try {
      return UUID.fromString(toText(value, column).trim());
    } catch (IllegalArgumentException e) {
      throw cannotConvert(column, "a UUID", e);
    }
  }

  static LocalDate toLocalDate(Object value, ColumnMetaData column) throws SQLException {
    switch (column.type.id) {
      case Types.DATE:
        return LocalDate.ofEpochDay(((Number) value).longValue());
      case Types.TIMESTAMP:
        return toLocalDateTime(value, column).toLocalDate();
      default:
        return DateTimeText.parseDate(textOf(value, column, "a date"));
    }
  }

  static LocalTime toLocalTime(Object value, ColumnMetaData column) throws SQLException {
    switch (column.type.id) {
      case Types.TIME:
        return LocalTime.ofNanoOfDay(((Number) value).longValue() * NANOS_PER_MILLI);
      case Types.TIMESTAMP:
        return toLocalDateTime(value, column).toLocalTime();
      default:
        return DateTimeText.parseTime(textOf(value, column, "a time"));
    }
  }

  static LocalDateTime toLocalDateTime(Object value, ColumnMetaData column) throws SQLException {
    switch (column.type.id) {
      case Types.DATE:
        return toLocalDate(value, column).atStartOfDay();
      case Types.TIMESTAMP:
        long millis = ((Number) value).longValue();
        int nanos = (int) Math.floorMod(millis, MILLIS_PER_SECOND) * NANOS_PER_MILLI;
        return LocalDateTime.ofEpochSecond(Math.floorDiv(millis, MILLIS_PER_SECOND), nanos, java.time.ZoneOffset.UTC);
      default:
        return DateTimeText.parseTimestamp(textOf(value, column, "a timestamp"));
    }
  }

  private static String textOf(Object value, ColumnMetaData column, String target) throws SQLException {
    if (value instanceof String) {
      return (String) value;
    }
    throw cannotConvert(column, target, null);
  }

  /** The date, at midnight in the calendar's zone; in the JVM's if there is no calendar. */
  static Date toDate(Object value, ColumnMetaData column, Calendar calendar) throws SQLException {
    LocalDate date = toLocalDate(value, column);
    return calendar == null ? Date.valueOf(date) : new Date(date.atStartOfDay(zone(calendar)).toInstant().toEpochMilli());
  }

  /** The time, on 1970-01-01 in the calendar's zone; in the JVM's if there is no calendar. */
  static Time toTime(Object value, ColumnMetaData column, Calendar calendar) throws SQLException {
    LocalTime time = toLocalTime(value, column);
    return new Time(time.atDate(LocalDate.EPOCH).atZone(zone(calendar)).toInstant().toEpochMilli());
  }

  /** The moment at which clocks in the calendar's zone show the timestamp; in the JVM's if there is no calendar. */
  static Timestamp toTimestamp(Object value, ColumnMetaData column, Calendar calendar) throws SQLException {
    LocalDateTime timestamp = column.type.id == Types.TIME
        ? toLocalTime(value, column).atDate(LocalDate.EPOCH)
        : toLocalDateTime(value, column);
    return calendar == null ? Timestamp.valueOf(timestamp) : Timestamp.from(timestamp.atZone(zone(calendar)).toInstant());
  }

  private static ZoneId zone(Calendar calendar) {
    return calendar == null ? ZoneId.systemDefault() : calendar.getTimeZone().toZoneId();
  }

  private static boolean isDateTime(ColumnMetaData column) {
    int type = column.type.id;
    return type == Types.DATE || type == Types.TIME || type == Types.TIMESTAMP;
  }

  static SQLException cannotConvert(ColumnMetaData column, String target, Exception cause) {
    return SqlErrors.of(SqlErrors.INVALID_CONVERSION,
        "The value of column " + column.label + ", of type " + column.type.name + ", is not " + target + ".", cause);
  }
}
