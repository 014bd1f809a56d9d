package org.treatydb.jdbc;

import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;

/** Dates and times as SQL writes them: {@code 2024-02-29}, {@code 23:59:59.5}, {@code 2024-02-29 23:59:59.5}. */
final class DateTimeText {

  private DateTimeText() {}

  static LocalDate parseDate(String text) throws SQLException {
    try {
      return LocalDate.parse(text.trim());
    } catch (DateTimeParseException e) {
      throw invalid("date", "2024-02-29", e);
    }
  }

  static LocalTime parseTime(String text) throws SQLException {
    try {
      return LocalTime.parse(text.trim());
    } catch (DateTimeParseException e) {
      throw invalid("time", "23:59:59.5", e);
    }
  }

  static LocalDateTime parseTimestamp(String text) throws SQLException {
    try {
      String trimmed = text.trim();
      return trimmed.length() == 10 ? LocalDate.parse(trimmed).atStartOfDay() : LocalDateTime.parse(trimmed.replace(' ', 'T'));
    } catch (DateTimeParseException e) {
      throw invalid("timestamp", "2024-02-29 23:59:59.5", e);
    }
  }

  private static SQLException invalid(String what, String example, Exception cause) {
    return SqlErrors.of(SqlErrors.INVALID_DATETIME, "The text is not a " + what + ", as " + example + " would be.", cause);
  }
}
