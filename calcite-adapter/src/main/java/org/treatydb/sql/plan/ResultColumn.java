package org.treatydb.sql.plan;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.util.List;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.treatydb.sql.api.SqlColumn;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.type.ColumnType;

/**
 * A column of a result: its description, and how its run-time values become what {@link org.treatydb.sql.api.SqlCursor#row} promises. A
 * CHAR column of a table is padded again to its length; what is computed from one is not.
 *
 * @param description for callers
 * @param type its type; null for one that columns of tables cannot have, whose values are given as text
 */
public record ResultColumn(SqlColumn description, ColumnType type) {

  /** The type of a NULL that nothing says more about. */
  private static final long MILLIS_PER_DAY = 86_400_000;
  private static final long DAY_MIN = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long DAY_MAX = LocalDate.of(9999, 12, 31).toEpochDay();

  private static final String TEXT_NAME = "VARCHAR";

  /**
   * The result column for a field of a query.
   *
   * @param origin catalog path, table and column it comes from; null if it is computed
   */
  static ResultColumn of(String name, RelDataType type, List<String> origin) {
    String table = origin == null || origin.size() < 2 ? null : CatalogSchema.plainName(origin.get(origin.size() - 2));
    try {
      ColumnType columnType = ColumnType.of(type);
      return new ResultColumn(new SqlColumn(name, columnType.jdbcType(), columnType.sqlName(), columnType.precision(), columnType.scale(),
          type.isNullable(), table), columnType);
    } catch (SQLException e) {
      return new ResultColumn(new SqlColumn(name, Types.VARCHAR, TEXT_NAME, 0, 0, type.isNullable(), table), null);
    }
  }

  /** A row as callers get it. */
  public static Object[] output(Object[] row, List<ResultColumn> columns) {
    Object[] result = new Object[columns.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = columns.get(i).output(row[i]);
    }
    return result;
  }

  /** The value as callers get it. */
  private Object output(Object value) {
    if (value == null) {
      return null;
    }
    if (type == null) {
      return value.toString();
    }
    return switch (type.kind()) {
      case SMALLINT -> value instanceof Short ? value : (Object) ((Number) value).shortValue();
      case DECIMAL -> decimal(value);
      case CHAR -> description.table() == null ? value : padded((String) value);
      case DATE -> inCalendar(value, ((Number) value).longValue());
      case TIMESTAMP -> inCalendar(value, Math.floorDiv(((Number) value).longValue(), MILLIS_PER_DAY));
      case BINARY, VARBINARY -> value instanceof ByteString bytes ? bytes.getBytes() : value;
      default -> value;
    };
  }

  /** Date arithmetic counts days without looking at a calendar; what leaves the years 1 to 9999 would read as another date. */
  private static Object inCalendar(Object value, long epochDay) {
    if (epochDay < DAY_MIN || epochDay > DAY_MAX) {
      throw new SqlFailure(SqlState.DATETIME_OUT_OF_RANGE, "A date is out of range: its year is not within 1 to 9999.");
    }
    return value;
  }

  private BigDecimal decimal(Object value) {
    BigDecimal decimal = value instanceof BigDecimal exact ? exact : new BigDecimal(value.toString());
    return decimal.scale() == type.scale() ? decimal : decimal.setScale(type.scale(), RoundingMode.HALF_UP);
  }

  private String padded(String text) {
    int missing = type.precision() - text.length();
    return missing <= 0 ? text : text + " ".repeat(missing);
  }
}
