package org.treatydb.sql.plan;

import java.math.BigDecimal;
import java.sql.SQLException;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.ValueConverter;

/**
 * The type of one {@code ?}, and how what a caller passes becomes its run-time value.
 *
 * @param type the type as callers see it
 * @param stored whether the value goes into a column as it is, so that the column's length and scale hold; otherwise it is only compared or
 *     computed with, and keeps all its characters and digits
 */
public record ParameterType(ColumnType type, boolean stored) {

  private static final ColumnType TEXT = ColumnType.of(ColumnType.Kind.VARCHAR);
  private static final ColumnType BYTES = ColumnType.of(ColumnType.Kind.VARBINARY);

  /** The type of a parameter within an expression. A type that values cannot have from outside is taken as text. */
  static ParameterType ofExpression(RelDataType type) {
    try {
      return new ParameterType(ColumnType.of(type), false);
    } catch (SQLException e) {
      return new ParameterType(TEXT, false);
    }
  }

  /** The run-time value of what a caller passed for the parameter with this number, counted from 1. */
  public Object convert(Object value, int number) throws SQLException {
    String what = "parameter " + number;
    if (value == null) {
      return null;
    }
    Object converted = stored ? ValueConverter.convert(value, type, what) : compared(value, what);
    return converted instanceof byte[] bytes ? new ByteString(bytes) : converted;
  }

  private Object compared(Object value, String what) throws SQLException {
    return switch (type.kind()) {
      case CHAR, VARCHAR -> ValueConverter.convert(value, TEXT, what);
      case BINARY, VARBINARY -> ValueConverter.convert(value, BYTES, what);
      case DECIMAL -> value instanceof BigDecimal decimal ? decimal : ValueConverter.convert(value, widestFor(value), what);
      default -> ValueConverter.convert(value, type, what);
    };
  }

  /** DECIMAL with as many digits after the point as {@code value} has. */
  private static ColumnType widestFor(Object value) {
    String text = value.toString().strip();
    int point = text.indexOf('.');
    boolean exponent = text.indexOf('e') >= 0 || text.indexOf('E') >= 0;
    int scaleMax = ColumnType.DECIMAL_PRECISION_MAX / 2;
    int scale = point < 0 || exponent ? scaleMax : text.length() - point - 1;
    return ColumnType.decimal(ColumnType.DECIMAL_PRECISION_MAX, Math.min(scale, scaleMax));
  }
}
