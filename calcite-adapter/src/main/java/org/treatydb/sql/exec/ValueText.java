package org.treatydb.sql.exec;

import java.sql.SQLException;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.ValueConverter;

/** A value as messages show it. */
final class ValueText {

  private static final ColumnType TEXT = ColumnType.of(ColumnType.Kind.VARCHAR);

  private ValueText() {}

  static String of(Object value, ColumnType type, int charactersMax) {
    String text = switch (type.kind()) {
      case DATE -> java.time.LocalDate.ofEpochDay(((Number) value).longValue()).toString();
      case TIME -> java.time.LocalTime.ofNanoOfDay(((Number) value).longValue() * 1_000_000).toString();
      case TIMESTAMP -> java.time.LocalDateTime.ofEpochSecond(
          Math.floorDiv(((Number) value).longValue(), 1000L), (int) Math.floorMod(((Number) value).longValue(), 1000L) * 1_000_000,
          java.time.ZoneOffset.UTC).toString().replace('T', ' ');
      case BINARY, VARBINARY -> "binary";
      default -> plain(value);
    };
    return text.length() <= charactersMax ? text : text.substring(0, charactersMax) + "…";
  }

  private static String plain(Object value) {
    try {
      return (String) ValueConverter.convert(value, TEXT, "value");
    } catch (SQLException e) {
      return value.getClass().getSimpleName();
    }
  }
}
