package org.treatydb.sql.exec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.ValueConverter;

/** Assigns a value to a column: converts it to the column's type, rounding numbers as SQL does, and checks length, range and NOT NULL. */
public final class Assignment {

  private Assignment() {}

  /**
   * The value as the column stores it.
   *
   * @throws SQLException 22001 too long, 22003 out of range, 23502 null, and what else {@link ValueConverter} finds
   */
  public static Object assign(Object value, ColumnDescriptor column, String table) throws SQLException {
    if (value == null) {
      if (!column.nullable()) {
        throw new SqlFailure(SqlState.NOT_NULL_VIOLATION,
            "Column \"" + column.name() + "\" of table \"" + table + "\" may not be NULL.");
      }
      return null;
    }
    Object converted = ValueConverter.convert(rounded(value, column.type()), column.type(), "column \"" + column.name() + "\"");
    if (converted instanceof Double number && number.isNaN() || converted instanceof Float small && small.isNaN()) {
      // No comparison finds NaN, so such a row could not be changed or deleted by its value.
      throw new SqlFailure(SqlState.NUMERIC_OUT_OF_RANGE, "Column \"" + column.name() + "\" cannot hold NaN.");
    }
    return converted;
  }

  private static Object rounded(Object value, ColumnType type) {
    boolean integral = switch (type.kind()) {
      case SMALLINT, INTEGER, BIGINT -> true;
      default -> false;
    };
    if (!integral) {
      return value;
    }
    return switch (value) {
      case BigDecimal decimal -> decimal.setScale(0, RoundingMode.HALF_UP);
      case Double number when Double.isFinite(number) -> new BigDecimal(Math.rint(number));
      case Float number when Float.isFinite(number) -> new BigDecimal(Math.rint(number));
      default -> value;
    };
  }
}
