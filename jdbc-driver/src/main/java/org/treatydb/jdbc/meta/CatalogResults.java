package org.treatydb.jdbc.meta;

import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.treatydb.sql.api.SqlColumn;
import org.treatydb.sql.api.SqlIndex;
import org.treatydb.sql.api.SqlTable;

/** The tables of a session, as JDBC's metadata calls show them (JDBC 4.3, {@link DatabaseMetaData}). There are no catalogs. */
final class CatalogResults {

  /** In the order that results have them. */
  private static final List<String> TABLE_TYPES = List.of("SYSTEM TABLE", "TABLE", "VIEW");

  private static final int DECIMAL = 10;
  private static final int BINARY = 2;

  private CatalogResults() {}

  static MetadataResult schemas(List<String> schemas, String pattern) {
    MetadataResult result = new MetadataResult().texts("TABLE_SCHEM", "TABLE_CATALOG");
    schemas.stream().filter(LikePattern.of(pattern)).forEach(name -> result.add(name, null));
    return result;
  }

  static MetadataResult tableTypes() {
    MetadataResult result = new MetadataResult().texts("TABLE_TYPE");
    TABLE_TYPES.forEach(result::add);
    return result;
  }

  static MetadataResult tables(List<SqlTable> tables, String schemaPattern, String namePattern, List<String> types) {
    MetadataResult result = new MetadataResult().texts("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "TABLE_TYPE", "REMARKS", "TYPE_CAT",
        "TYPE_SCHEM", "TYPE_NAME", "SELF_REFERENCING_COL_NAME", "REF_GENERATION");
    for (String type : TABLE_TYPES) {
      if (types == null || types.contains(type)) {
        matching(tables, schemaPattern, namePattern).stream().filter(table -> type(table).equals(type)).forEach(
            table -> result.add(null, table.schema(), table.name(), type, remarks(table), null, null, null, null, null));
      }
    }
    return result;
  }

  private static String type(SqlTable table) {
    return TABLE_TYPES.get(table.system() ? 0 : table.view() ? 2 : 1);
  }

  /** The comment, and how the table is partitioned, as in CREATE TABLE; null if there is nothing to say. */
  private static String remarks(SqlTable table) {
    if (table.buckets() == 1) {
      return table.comment();
    }
    String columns = table.partitionColumns().isEmpty() ? "" : " (" + String.join(", ", table.partitionColumns()) + ")";
    String partition = "PARTITION BY HASH" + columns + " BUCKETS " + table.buckets();
    return table.comment() == null ? partition : table.comment() + " (" + partition + ")";
  }

  /** The key columns of one table, by name; the schema may be null. */
  static MetadataResult primaryKeys(List<SqlTable> tables, String schema, String name) {
    MetadataResult result =
        new MetadataResult().texts("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME").smallints("KEY_SEQ").texts("PK_NAME");
    for (SqlTable table : tables) {
      if (table.name().equals(name) && (schema == null || table.schema().equals(schema))) {
        List<String> key = table.primaryKey();
        key.stream().sorted().forEach(
            column -> result.add(null, table.schema(), table.name(), column, (short) (key.indexOf(column) + 1),
                table.primaryKeyName()));
      }
    }
    return result;
  }

  /** The columns of one table's primary key, in its order, which tell its rows apart for ever; the schema may be null. */
  static MetadataResult rowIdentifier(List<SqlTable> tables, String schema, String name) {
    MetadataResult result = new MetadataResult().smallints("SCOPE").texts("COLUMN_NAME").integers("DATA_TYPE").texts("TYPE_NAME")
        .integers("COLUMN_SIZE", "BUFFER_LENGTH").smallints("DECIMAL_DIGITS", "PSEUDO_COLUMN");
    for (SqlTable table : tables) {
      if (table.name().equals(name) && (schema == null || table.schema().equals(schema))) {
        for (String key : table.primaryKey()) {
          SqlColumn column = table.columns().stream().filter(c -> c.name().equals(key)).findFirst().orElseThrow();
          Integer digits = ColumnSize.fractionDigits(column);
          result.add((short) DatabaseMetaData.bestRowSession, key, column.jdbcType(), column.typeName(), ColumnSize.of(column), null,
              digits == null ? null : digits.shortValue(), (short) DatabaseMetaData.bestRowNotPseudo);
        }
      }
    }
    return result;
  }

  /** The columns of one table's primary key and indexes, the unique ones first, then by name; the schema may be null. */
  static MetadataResult indexes(List<SqlTable> tables, String schema, String name, boolean uniqueOnly) {
    MetadataResult result = new MetadataResult().texts("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME").booleans("NON_UNIQUE")
        .texts("INDEX_QUALIFIER", "INDEX_NAME").smallints("TYPE", "ORDINAL_POSITION").texts("COLUMN_NAME", "ASC_OR_DESC")
        .bigints("CARDINALITY", "PAGES").texts("FILTER_CONDITION");
    for (SqlTable table : tables) {
      if (table.name().equals(name) && (schema == null || table.schema().equals(schema))) {
        List<SqlIndex> indexes = new ArrayList<>(table.indexes());
        if (!table.primaryKey().isEmpty()) {
          List<SqlIndex.Column> key = table.primaryKey().stream().map(column -> new SqlIndex.Column(column, false)).toList();
          indexes.add(new SqlIndex(table.primaryKeyName(), true, key));
        }
        indexes.removeIf(index -> uniqueOnly && !index.unique());
        indexes.sort(Comparator.comparing((SqlIndex index) -> !index.unique()).thenComparing(SqlIndex::name));
        indexes.forEach(index -> addIndex(result, table, index));
      }
    }
    return result;
  }

  private static void addIndex(MetadataResult result, SqlTable table, SqlIndex index) {
    for (int i = 0; i < index.columns().size(); i++) {
      SqlIndex.Column column = index.columns().get(i);
      result.add(null, table.schema(), table.name(), !index.unique(), null, index.name(), DatabaseMetaData.tableIndexOther,
          (short) (i + 1), column.name(), column.descending() ? "D" : "A", null, null, null);
    }
  }

  static MetadataResult columns(List<SqlTable> tables, String schemaPattern, String tablePattern, String columnPattern) {
    MetadataResult result = new MetadataResult()
        .texts("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME")
        .integers("DATA_TYPE")
        .texts("TYPE_NAME")
        .integers("COLUMN_SIZE", "BUFFER_LENGTH", "DECIMAL_DIGITS", "NUM_PREC_RADIX", "NULLABLE")
        .texts("REMARKS", "COLUMN_DEF")
        .integers("SQL_DATA_TYPE", "SQL_DATETIME_SUB", "CHAR_OCTET_LENGTH", "ORDINAL_POSITION")
        .texts("IS_NULLABLE", "SCOPE_CATALOG", "SCOPE_SCHEMA", "SCOPE_TABLE")
        .smallints("SOURCE_DATA_TYPE")
        .texts("IS_AUTOINCREMENT", "IS_GENERATEDCOLUMN");
    Predicate<String> wanted = LikePattern.of(columnPattern);
    for (SqlTable table : matching(tables, schemaPattern, tablePattern)) {
      for (int i = 0; i < table.columns().size(); i++) {
        SqlColumn column = table.columns().get(i);
        if (wanted.test(column.name())) {
          addColumn(result, table, column, i + 1);
        }
      }
    }
    return result;
  }

  private static void addColumn(MetadataResult result, SqlTable table, SqlColumn column, int position) {
    boolean characters = column.jdbcType() == Types.CHAR || column.jdbcType() == Types.VARCHAR;
    result.add(null, table.schema(), table.name(), column.name(), column.jdbcType(), column.typeName(),
        ColumnSize.of(column), null, ColumnSize.fractionDigits(column),
        radix(column.jdbcType()), column.nullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls, column.comment(),
        column.defaultValue(), null, null, characters && column.precision() > 0 ? column.precision() : null, position,
        column.nullable() ? "YES" : "NO", null, null, null, null, column.identity() ? "YES" : "NO",
        column.generated() ? "YES" : "NO");
  }

  private static Integer radix(int jdbcType) {
    return switch (jdbcType) {
      case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.DECIMAL, Types.NUMERIC -> DECIMAL;
      case Types.REAL, Types.FLOAT, Types.DOUBLE -> BINARY;
      default -> null;
    };
  }

  private static List<SqlTable> matching(List<SqlTable> tables, String schemaPattern, String namePattern) {
    Predicate<String> schema = LikePattern.of(schemaPattern);
    Predicate<String> name = LikePattern.of(namePattern);
    return tables.stream().filter(table -> schema.test(table.schema()) && name.test(table.name())).toList();
  }
}
