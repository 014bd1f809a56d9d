package org.treatydb.jdbc.meta;

import java.sql.Types;
import org.treatydb.sql.api.SqlColumn;

/** How large the values of a column can be, as JDBC counts: digits of a number, characters of anything else, bytes of binary values. */
final class ColumnSize {

  static final int TIME_FRACTION_DIGITS_MAX = 3;

  private ColumnSize() {}

  /** The size of a column's largest value; null if there is no limit but that of a row. */
  static Integer of(SqlColumn column) {
    return switch (column.jdbcType()) {
      case Types.SMALLINT -> 5;
      case Types.INTEGER -> 10;
      case Types.BIGINT -> 19;
      case Types.REAL -> 24;
      case Types.FLOAT, Types.DOUBLE -> 53;
      case Types.BOOLEAN -> 1;
      case Types.DATE -> 10;
      case Types.TIME -> 12;
      case Types.TIMESTAMP -> 23;
      case Types.OTHER -> 36;
      default -> column.precision() <= 0 ? null : column.precision();
    };
  }

  /** The digits after the point; null where there is none. */
  static Integer fractionDigits(SqlColumn column) {
    return switch (column.jdbcType()) {
      case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.DECIMAL, Types.NUMERIC -> column.scale();
      case Types.TIME, Types.TIMESTAMP -> TIME_FRACTION_DIGITS_MAX;
      default -> null;
    };
  }
}
