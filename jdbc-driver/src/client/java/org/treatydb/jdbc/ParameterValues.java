package org.treatydb.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.UUID;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.remote.TypedValue;
import org.apache.calcite.avatica.util.ByteString;

/**
 * Turns the values a program sets into the values a request carries. Dates and times travel as what a clock shows, without a zone; those
 * with digits below the millisecond travel as text, so that nothing is cut off on the way.
 */
final class ParameterValues {

  private static final int NANOS_PER_MILLI = 1_000_000;

  private ParameterValues() {}

  /** Encodes a value of any class that JDBC or this driver maps to a SQL type. */
  static TypedValue encode(Object value) throws SQLException {
    if (value == null) {
      return TypedValue.EXPLICIT_NULL;
    } else if (value instanceof String) {
      return TypedValue.ofLocal(Rep.STRING, value);
    } else if (value instanceof Number) {
      return encodeNumber((Number) value);
    } else if (value instanceof Boolean) {
      return TypedValue.ofLocal(Rep.BOOLEAN, value);
    } else if (value instanceof byte[]) {
      return TypedValue.ofLocal(Rep.BYTE_STRING, new ByteString((byte[]) value));
    } else if (value instanceof UUID || value instanceof Character) {
      return TypedValue.ofLocal(Rep.STRING, value.toString());
    } else if (value instanceof Blob) {
      Blob blob = (Blob) value;
      return encode(blob.getBytes(1, wholeLength(blob.length())));
    } else if (value instanceof Clob) {
      Clob clob = (Clob) value;
      return encode(clob.getSubString(1, wholeLength(clob.length())));
    }
    TypedValue dateTime = encodeDateTime(value, null);
    if (dateTime == null) {
      throw SqlErrors.of(SqlErrors.INVALID_CONVERSION, "A parameter cannot be of class " + value.getClass().getName() + ".");
    }
    return dateTime;
  }

  /** Encodes a value for the SQL type that the program names. */
  static TypedValue encode(Object value, int sqlType, int scale) throws SQLException {
    switch (sqlType) {
      case Types.DECIMAL:
      case Types.NUMERIC:
        return value instanceof BigDecimal && scale >= 0
            ? encode(((BigDecimal) value).setScale(scale, java.math.RoundingMode.HALF_UP))
            : encode(value);
      case Types.CHAR:
      case Types.VARCHAR:
      case Types.LONGVARCHAR:
      case Types.NCHAR:
      case Types.NVARCHAR:
        return value instanceof Number || value instanceof Boolean ? encode(value.toString()) : encode(value);
      case Types.DATE:
        return value instanceof Timestamp || value instanceof LocalDateTime
            ? encode(localDateTime(value).toLocalDate())
            : value instanceof java.util.Date ? encode(new Date(((java.util.Date) value).getTime())) : encode(value);
      case Types.TIME:
        return value instanceof Timestamp || value instanceof LocalDateTime
            ? encode(localDateTime(value).toLocalTime())
            : value instanceof java.util.Date ? encode(new Time(((java.util.Date) value).getTime())) : encode(value);
      default:
        return encode(value);
    }
  }

  private static LocalDateTime localDateTime(Object value) {
    return value instanceof Timestamp ? ((Timestamp) value).toLocalDateTime() : (LocalDateTime) value;
  }

  private static TypedValue encodeNumber(Number value) throws SQLException {
    if (value instanceof Integer) {
      return TypedValue.ofLocal(Rep.INTEGER, value);
    } else if (value instanceof Long) {
      return TypedValue.ofLocal(Rep.LONG, value);
    } else if (value instanceof BigDecimal) {
      return TypedValue.ofLocal(Rep.NUMBER, value);
    } else if (value instanceof Double) {
      return TypedValue.ofLocal(Rep.DOUBLE, value);
    } else if (value instanceof Short) {
      return TypedValue.ofLocal(Rep.SHORT, value);
    } else if (value instanceof Byte) {
      return TypedValue.ofLocal(Rep.SHORT, value.shortValue());
    } else if (value instanceof Float) {
      return TypedValue.ofLocal(Rep.FLOAT, value);
    } else if (value instanceof BigInteger) {
      return TypedValue.ofLocal(Rep.NUMBER, new BigDecimal((BigInteger) value));
    }
    throw SqlErrors.of(SqlErrors.INVALID_CONVERSION, "A parameter cannot be of class " + value.getClass().getName() + ".");
  }

  /**
   * Encodes a date or time; null if the value is neither.
   *
   * @param calendar the zone in which clocks show what is meant by a {@code java.util.Date}; null for the JVM's
   */
  static TypedValue encodeDateTime(Object value, Calendar calendar) throws SQLException {
    if (value == null) {
      return TypedValue.EXPLICIT_NULL;
    } else if (value instanceof LocalDate) {
      return date((LocalDate) value);
    } else if (value instanceof LocalTime) {
      return time((LocalTime) value);
    } else if (value instanceof LocalDateTime) {
      return timestamp((LocalDateTime) value);
    } else if (value instanceof Date) {
      return date(calendar == null ? ((Date) value).toLocalDate() : onClock((Date) value, calendar).toLocalDate());
    } else if (value instanceof Time) {
      return time(onClock((Time) value, calendar).toLocalTime());
    } else if (value instanceof Timestamp) {
      Timestamp timestamp = (Timestamp) value;
      return timestamp(calendar == null
          ? timestamp.toLocalDateTime()
          : onClock(timestamp, calendar).withNano(timestamp.getNanos()));
    } else if (value instanceof java.util.Date) {
      return timestamp(onClock((java.util.Date) value, calendar));
    } else if (value instanceof Calendar) {
      Calendar moment = (Calendar) value;
      return timestamp(LocalDateTime.ofInstant(moment.toInstant(), moment.getTimeZone().toZoneId()));
    } else if (value instanceof Instant || value instanceof java.time.OffsetDateTime || value instanceof java.time.ZonedDateTime
        || value instanceof java.time.OffsetTime) {
      throw SqlErrors.of(SqlErrors.INVALID_CONVERSION, "A parameter of class " + value.getClass().getSimpleName()
          + " has a time zone, and no SQL type here does. Say which clock is meant: use LocalDateTime.");
    }
    return null;
  }

  private static LocalDateTime onClock(java.util.Date moment, Calendar calendar) {
    ZoneId zone = calendar == null ? ZoneId.systemDefault() : calendar.getTimeZone().toZoneId();
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(moment.getTime()), zone);
  }

  private static TypedValue date(LocalDate date) {
    return TypedValue.ofLocal(Rep.JAVA_SQL_DATE, Math.toIntExact(date.toEpochDay()));
  }

  private static TypedValue time(LocalTime time) {
    return time.getNano() % NANOS_PER_MILLI == 0
        ? TypedValue.ofLocal(Rep.JAVA_SQL_TIME, (int) (time.toNanoOfDay() / NANOS_PER_MILLI))
        : TypedValue.ofLocal(Rep.STRING, time.toString());
  }

  private static TypedValue timestamp(LocalDateTime timestamp) {
    return timestamp.getNano() % NANOS_PER_MILLI == 0
        ? TypedValue.ofLocal(Rep.JAVA_SQL_TIMESTAMP, timestamp.toInstant(ZoneOffset.UTC).toEpochMilli())
        : TypedValue.ofLocal(Rep.STRING, timestamp.toLocalDate() + " " + timestamp.toLocalTime());
  }

  private static int wholeLength(long length) throws SQLException {
    if (length > Integer.MAX_VALUE) {
      throw SqlErrors.of(SqlErrors.TOO_LARGE, "A value of " + length + " bytes is too long.");
    }
    return (int) length;
  }
}
