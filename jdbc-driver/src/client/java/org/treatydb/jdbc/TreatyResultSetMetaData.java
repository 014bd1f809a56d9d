package org.treatydb.jdbc;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.apache.calcite.avatica.ColumnMetaData;

/** The columns of a result. Immutable. */
final class TreatyResultSetMetaData extends Unwrappable implements ResultSetMetaData {

  private final List<ColumnMetaData> columns;

  TreatyResultSetMetaData(List<ColumnMetaData> columns) {
    this.columns = columns;
  }

  private ColumnMetaData get(int column) throws SQLException {
    if (column < 1 || column > columns.size()) {
      throw SqlErrors.of(SqlErrors.INVALID_INDEX, "There is no column " + column + "; the result has " + columns.size() + ".");
    }
    return columns.get(column - 1);
  }

  @Override
  public int getColumnCount() {
    return columns.size();
  }

  @Override
  public boolean isAutoIncrement(int column) throws SQLException {
    return get(column).autoIncrement;
  }

  @Override
  public boolean isCaseSensitive(int column) throws SQLException {
    return get(column).caseSensitive;
  }

  @Override
  public boolean isSearchable(int column) throws SQLException {
    return get(column).searchable;
  }

  @Override
  public boolean isCurrency(int column) throws SQLException {
    return get(column).currency;
  }

  @Override
  public int isNullable(int column) throws SQLException {
    return get(column).nullable;
  }

  @Override
  public boolean isSigned(int column) throws SQLException {
    return get(column).signed;
  }

  @Override
  public int getColumnDisplaySize(int column) throws SQLException {
    return get(column).displaySize;
  }

  @Override
  public String getColumnLabel(int column) throws SQLException {
    return get(column).label;
  }

  @Override
  public String getColumnName(int column) throws SQLException {
    return get(column).columnName;
  }

  @Override
  public String getSchemaName(int column) throws SQLException {
    return orEmpty(get(column).schemaName);
  }

  @Override
  public int getPrecision(int column) throws SQLException {
    return get(column).precision;
  }

  @Override
  public int getScale(int column) throws SQLException {
    return get(column).scale;
  }

  @Override
  public String getTableName(int column) throws SQLException {
    return orEmpty(get(column).tableName);
  }

  @Override
  public String getCatalogName(int column) throws SQLException {
    return orEmpty(get(column).catalogName);
  }

  @Override
  public int getColumnType(int column) throws SQLException {
    return get(column).type.id;
  }

  @Override
  public String getColumnTypeName(int column) throws SQLException {
    return get(column).type.name;
  }

  @Override
  public boolean isReadOnly(int column) throws SQLException {
    get(column);
    return true;
  }

  @Override
  public boolean isWritable(int column) throws SQLException {
    get(column);
    return false;
  }

  @Override
  public boolean isDefinitelyWritable(int column) throws SQLException {
    get(column);
    return false;
  }

  @Override
  public String getColumnClassName(int column) throws SQLException {
    return classNameOf(get(column).type.id);
  }

  /** The class of what {@code getObject} gives for a SQL type. */
  static String classNameOf(int jdbcType) {
    switch (jdbcType) {
      case Types.TINYINT:
      case Types.SMALLINT:
      case Types.INTEGER:
        return "java.lang.Integer";
      case Types.BIGINT:
        return "java.lang.Long";
      case Types.REAL:
        return "java.lang.Float";
      case Types.FLOAT:
      case Types.DOUBLE:
        return "java.lang.Double";
      case Types.DECIMAL:
      case Types.NUMERIC:
        return "java.math.BigDecimal";
      case Types.BOOLEAN:
      case Types.BIT:
        return "java.lang.Boolean";
      case Types.DATE:
        return "java.sql.Date";
      case Types.TIME:
        return "java.sql.Time";
      case Types.TIMESTAMP:
        return "java.sql.Timestamp";
      case Types.BINARY:
      case Types.VARBINARY:
      case Types.LONGVARBINARY:
        return "[B";
      case Types.OTHER:
        return "java.util.UUID";
      default:
        return "java.lang.String";
    }
  }

  private static String orEmpty(String name) {
    return name == null ? "" : name;
  }
}
