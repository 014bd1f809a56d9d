package org.treatydb.sql.type;

import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.treatydb.sql.api.SqlState;

/** Conversions to DATE, TIME and TIMESTAMP, and from them to text. */
final class DatesAndTimes {

  private static final int YEAR_MIN = 1;
  private static final int YEAR_MAX = 9999;
  private static final int MILLIS_PER_DAY = 86_400_000;
  private static final int NANOS_PER_MILLI = 1_000_000;
  private static final int TEXT_MAX = 100;
  private static final int NANO_DIGITS = 9;
  private static final int MILLI_DIGITS = 3;

  private static final String DATE = "(\\d{1,9})-(\\d{1,2})-(\\d{1,2})";
  private static final String TIME = "(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{1,20}))?)?";
  private static final Pattern DATE_TEXT = Pattern.compile(DATE);
  private static final Pattern TIME_TEXT = Pattern.compile(TIME);
  private static final Pattern TIMESTAMP_TEXT = Pattern.compile(DATE + "(?:(?: +|[Tt])" + TIME + ")?");

  private static final DateTimeFormatter TIME_FORMAT = new DateTimeFormatterBuilder()
      .appendPattern("HH:mm:ss").appendFraction(ChronoField.NANO_OF_SECOND, 0, NANO_DIGITS, true).toFormatter(Locale.ROOT);

  private DatesAndTimes() {}

  /** Days since 1970-01-01. */
  static Integer date(Conversion conversion, Object value) throws SQLException {
    LocalDate date = switch (value) {
      case Integer days -> LocalDate.ofEpochDay(days);
      case LocalDate local -> local;
      case java.sql.Date sql -> sql.toLocalDate();
      case LocalDateTime local -> local.toLocalDate();
      case Timestamp sql -> sql.toLocalDateTime().toLocalDate();
      case CharSequence text -> {
        Matcher parts = matched(conversion, DATE_TEXT, text.toString());
        yield date(conversion, parts);
      }
      default -> throw conversion.mismatch(value);
    };
    return (int) checked(conversion, date).toEpochDay();
  }

  /** Milliseconds since midnight, without the digits beyond the type's precision. */
  static Integer time(Conversion conversion, Object value) throws SQLException {
    LocalTime time = switch (value) {
      case Integer millis when millis >= 0 && millis < MILLIS_PER_DAY -> LocalTime.ofNanoOfDay((long) millis * NANOS_PER_MILLI);
      case Integer millis -> throw conversion.error(SqlState.DATETIME_OUT_OF_RANGE, millis + " milliseconds are not within a day");
      case LocalTime local -> local;
      case java.sql.Time sql -> new Timestamp(sql.getTime()).toLocalDateTime().toLocalTime();
      case LocalDateTime local -> local.toLocalTime();
      case Timestamp sql -> sql.toLocalDateTime().toLocalTime();
      case CharSequence text -> {
        Matcher parts = matched(conversion, TIME_TEXT, text.toString());
        yield time(conversion, parts, 1);
      }
      default -> throw conversion.mismatch(value);
    };
    return (int) cut(time.toNanoOfDay() / NANOS_PER_MILLI, conversion.type());
  }

  /** Milliseconds since 1970-01-01 00:00:00, without the digits beyond the type's precision. */
  static Long timestamp(Conversion conversion, Object value) throws SQLException {
    LocalDateTime timestamp = switch (value) {
      case Long millis -> ofMillis(conversion, millis);
      case LocalDateTime local -> local;
      case Timestamp sql -> sql.toLocalDateTime();
      case LocalDate local -> local.atStartOfDay();
      case java.sql.Date sql -> sql.toLocalDate().atStartOfDay();
      case CharSequence text -> {
        Matcher parts = matched(conversion, TIMESTAMP_TEXT, text.toString());
        LocalDate date = date(conversion, parts);
        yield parts.group(4) == null ? date.atStartOfDay() : date.atTime(time(conversion, parts, 4));
      }
      default -> throw conversion.mismatch(value);
    };
    checked(conversion, timestamp.toLocalDate());
    return cut(timestamp.toInstant(ZoneOffset.UTC).toEpochMilli(), conversion.type());
  }

  /** A date or time as SQL text. */
  static String text(Conversion conversion, Object value) throws SQLException {
    return switch (value) {
      case LocalDate date -> date.toString();
      case java.sql.Date date -> date.toString();
      case LocalTime time -> TIME_FORMAT.format(time);
      case java.sql.Time time -> TIME_FORMAT.format(new Timestamp(time.getTime()).toLocalDateTime());
      case LocalDateTime timestamp -> text(timestamp);
      case Timestamp timestamp -> text(timestamp.toLocalDateTime());
      default -> throw conversion.mismatch(value);
    };
  }

  private static String text(LocalDateTime timestamp) {
    return timestamp.toLocalDate() + " " + TIME_FORMAT.format(timestamp);
  }

  private static Matcher matched(Conversion conversion, Pattern pattern, String text) throws SQLException {
    if (text.length() <= TEXT_MAX) {
      Matcher parts = pattern.matcher(text.strip());
      if (parts.matches()) {
        return parts;
      }
    }
    throw conversion.invalid(SqlState.INVALID_DATETIME_FORMAT, text);
  }

  /** The date in groups 1 to 3. */
  private static LocalDate date(Conversion conversion, Matcher parts) throws SQLException {
    try {
      return checked(conversion, LocalDate.of(number(parts, 1), number(parts, 2), number(parts, 3)));
    } catch (DateTimeException e) {
      throw doesNotExist(conversion, parts);
    }
  }

  /** The time in the four groups from {@code group} on, the last two of which can be missing. */
  private static LocalTime time(Conversion conversion, Matcher parts, int group) throws SQLException {
    int nanos = 0;
    if (parts.group(group + 3) != null) {
      String digits = (parts.group(group + 3) + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS);
      nanos = Integer.parseInt(digits);
    }
    int second = parts.group(group + 2) == null ? 0 : number(parts, group + 2);
    try {
      return LocalTime.of(number(parts, group), number(parts, group + 1), second, nanos);
    } catch (DateTimeException e) {
      throw doesNotExist(conversion, parts);
    }
  }

  private static int number(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }

  private static SQLException doesNotExist(Conversion conversion, Matcher parts) {
    return conversion.error(SqlState.DATETIME_OUT_OF_RANGE, "'" + parts.group() + "' is a date or time that does not exist");
  }

  private static LocalDateTime ofMillis(Conversion conversion, long millis) throws SQLException {
    long days = Math.floorDiv(millis, MILLIS_PER_DAY);
    if (days != (int) days) {
      throw conversion.error(SqlState.DATETIME_OUT_OF_RANGE, "the year is not within " + YEAR_MIN + " to " + YEAR_MAX);
    }
    long nanos = (long) Math.floorMod(millis, MILLIS_PER_DAY) * NANOS_PER_MILLI;
    return LocalDateTime.of(LocalDate.ofEpochDay(days), LocalTime.ofNanoOfDay(nanos));
  }

  private static LocalDate checked(Conversion conversion, LocalDate date) throws SQLException {
    if (date.getYear() < YEAR_MIN || date.getYear() > YEAR_MAX) {
      throw conversion.error(
          SqlState.DATETIME_OUT_OF_RANGE, "the year " + date.getYear() + " is not within " + YEAR_MIN + " to " + YEAR_MAX);
    }
    return date;
  }

  private static long cut(long millis, ColumnType type) {
    int unit = 1;
    for (int digits = type.precision(); digits < MILLI_DIGITS; digits++) {
      unit *= 10;
    }
    return Math.floorDiv(millis, unit) * unit;
  }
}
