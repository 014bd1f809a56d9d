package org.treatydb.jdbc.meta;

import java.sql.ResultSetMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.Meta;
import org.treatydb.sql.api.SqlColumn;
import org.treatydb.sql.api.SqlStatement;

/** Describes statements, columns and parameters in Avatica's terms. */
final class Signatures {

  private static final int DISPLAY_SIZE_UNBOUNDED = 65_536;
  private static final int UUID_CHARACTERS = 36;

  private Signatures() {}

  static Meta.Signature of(SqlStatement statement) {
    List<AvaticaParameter> parameters = new ArrayList<>();
    for (SqlColumn parameter : statement.parameters()) {
      parameters.add(new AvaticaParameter(isSigned(parameter.jdbcType()), parameter.precision(), parameter.scale(), parameter.jdbcType(),
          parameter.typeName(), classNameOf(parameter.jdbcType()), parameter.name()));
    }
    Meta.StatementType type = switch (statement.kind()) {
      case QUERY -> Meta.StatementType.SELECT;
      case MODIFY -> Meta.StatementType.OTHER_DML;
      case DEFINE, CONTROL -> Meta.StatementType.OTHER_DDL;
    };
    return new Meta.Signature(columns(statement.columns()), statement.sql(), parameters, Map.of(), Meta.CursorFactory.ARRAY, type);
  }

  private static List<ColumnMetaData> columns(List<SqlColumn> columns) {
    List<ColumnMetaData> described = new ArrayList<>();
    for (SqlColumn column : columns) {
      described.add(column(described.size(), column));
    }
    return described;
  }

  static ColumnMetaData column(int ordinal, SqlColumn column) {
    int type = column.jdbcType();
    boolean text = type == Types.CHAR || type == Types.VARCHAR;
    return new ColumnMetaData(ordinal, false, text, true, false,
        column.nullable() ? ResultSetMetaData.columnNullable : ResultSetMetaData.columnNoNulls, isSigned(type), displaySize(column),
        column.name(), column.name(), null, Math.max(column.precision(), 0), Math.max(column.scale(), 0), column.table(), null,
        ColumnMetaData.scalar(type, column.typeName(), repOf(type)), true, false, false, classNameOf(type));
  }

  /** How values of a type are carried in frames; dates and times as the numbers that {@code SqlCursor.row} gives. */
  private static Rep repOf(int jdbcType) {
    return switch (jdbcType) {
      case Types.TINYINT, Types.SMALLINT -> Rep.SHORT;
      case Types.INTEGER, Types.DATE, Types.TIME -> Rep.INTEGER;
      case Types.BIGINT, Types.TIMESTAMP -> Rep.LONG;
      case Types.DECIMAL, Types.NUMERIC -> Rep.NUMBER;
      case Types.REAL -> Rep.FLOAT;
      case Types.FLOAT, Types.DOUBLE -> Rep.DOUBLE;
      case Types.BOOLEAN -> Rep.BOOLEAN;
      case Types.BINARY, Types.VARBINARY -> Rep.BYTE_STRING;
      default -> Rep.STRING;
    };
  }

  private static boolean isSigned(int jdbcType) {
    return switch (jdbcType) {
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.DECIMAL, Types.NUMERIC, Types.REAL, Types.FLOAT,
          Types.DOUBLE -> true;
      default -> false;
    };
  }

  private static String classNameOf(int jdbcType) {
    return switch (jdbcType) {
      case Types.DATE -> "java.sql.Date";
      case Types.TIME -> "java.sql.Time";
      case Types.TIMESTAMP -> "java.sql.Timestamp";
      case Types.BINARY, Types.VARBINARY -> "[B";
      case Types.OTHER -> "java.util.UUID";
      case Types.DECIMAL, Types.NUMERIC -> "java.math.BigDecimal";
      case Types.TINYINT, Types.SMALLINT -> "java.lang.Integer";
      default -> repOf(jdbcType).clazz.getName();
    };
  }

  /** The characters a value takes at most when it is shown. */
  private static int displaySize(SqlColumn column) {
    int precision = column.precision();
    return switch (column.jdbcType()) {
      case Types.SMALLINT -> 6;
      case Types.INTEGER -> 11;
      case Types.BIGINT -> 20;
      case Types.DECIMAL, Types.NUMERIC -> precision + 3;
      case Types.REAL -> 15;
      case Types.FLOAT, Types.DOUBLE -> 24;
      case Types.BOOLEAN -> 5;
      case Types.DATE -> 10;
      case Types.TIME -> 12;
      case Types.TIMESTAMP -> 23;
      case Types.BINARY, Types.VARBINARY -> bounded(2L * precision);
      case Types.OTHER -> UUID_CHARACTERS;
      default -> bounded(precision);
    };
  }

  private static int bounded(long characters) {
    return characters <= 0 || characters > DISPLAY_SIZE_UNBOUNDED ? DISPLAY_SIZE_UNBOUNDED : (int) characters;
  }
}
