package org.treatydb.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.RowIdLifetime;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What a program can ask about the database. Tables, columns and keys are asked from the server; the rest is fixed. */
final class TreatyDatabaseMetaData extends BehaviourMetaData {

  static final String DEFAULT_SCHEMA = "public";

  /** As the type of a table: list its primary keys instead. Avatica has no message for them. */
  static final String PRIMARY_KEYS = "treaty:primary-keys";
  static final String ROW_IDENTIFIER = "treaty:row-identifier";
  static final String INDEXES = "treaty:indexes";
  static final String UNIQUE_INDEXES = "treaty:unique-indexes";
  static final String IMPORTED_KEYS = "treaty:imported-keys";
  static final String EXPORTED_KEYS = "treaty:exported-keys";
  /** After it the name of the other table, and its schema, unless that may be any. */
  static final String CROSS_REFERENCE = "treaty:cross-reference";
  static final String TABLE_PRIVILEGES = "treaty:table-privileges";
  static final String COLUMN_PRIVILEGES = "treaty:column-privileges";

  private static final String PRODUCT = "Treaty";

  private static final List<String> ROUTINE_COLUMN_COLUMNS = Arrays.asList("COLUMN_NAME", "COLUMN_TYPE", "DATA_TYPE", "TYPE_NAME",
      "PRECISION", "LENGTH", "SCALE", "RADIX", "NULLABLE", "REMARKS", "CHAR_OCTET_LENGTH", "ORDINAL_POSITION", "IS_NULLABLE",
      "SPECIFIC_NAME");
  private static final List<String> ROW_COLUMN_COLUMNS = Arrays.asList("SCOPE", "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE",
      "BUFFER_LENGTH", "DECIMAL_DIGITS", "PSEUDO_COLUMN");

  private final TreatyConnection connection;
  private final SessionLink link;

  TreatyDatabaseMetaData(TreatyConnection connection, SessionLink link) {
    this.connection = connection;
    this.link = link;
  }

  @Override
  public Connection getConnection() {
    return connection;
  }

  /** The URL without its options, which may hold secrets. */
  @Override
  public String getURL() {
    return connection.url().toString();
  }

  @Override
  public String getUserName() {
    String user = connection.url().option(DriverOption.USER);
    return user == null ? "" : user;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getDatabaseProductName() {
    return PRODUCT;
  }

  @Override
  public String getDatabaseProductVersion() {
    return TreatyDriver.VERSION;
  }

  @Override
  public String getDriverName() {
    return PRODUCT + " JDBC driver";
  }

  @Override
  public String getDriverVersion() {
    return TreatyDriver.VERSION;
  }

  @Override
  public RowIdLifetime getRowIdLifetime() {
    return RowIdLifetime.ROWID_UNSUPPORTED;
  }

  /** Words that name no table or column unless they are quoted, besides those that the standard (SQL:2003) reserves. */
  @Override
  public String getSQLKeywords() {
    return "ASOF,CURRENT_CATALOG,CURRENT_SCHEMA,EXPLAIN,LIMIT,MATCH_RECOGNIZE,MEASURE,MINUS,NEXT,OFFSET,QUALIFY,RETURNING,RUNNING,SKIP,"
        + "STREAM,UPSERT";
  }

  @Override
  public String getNumericFunctions() {
    return "ABS,ACOS,ASIN,ATAN,ATAN2,CEILING,COS,COT,DEGREES,EXP,FLOOR,LOG,LOG10,MOD,PI,POWER,RADIANS,RAND,ROUND,SIGN,SIN,SQRT,TAN,"
        + "TRUNCATE";
  }

  @Override
  public String getStringFunctions() {
    return "ASCII,CHAR,CONCAT,INSERT,LCASE,LEFT,LENGTH,LOCATE,LTRIM,REPEAT,REPLACE,RIGHT,RTRIM,SUBSTRING,UCASE";
  }

  @Override
  public String getSystemFunctions() {
    return "IFNULL";
  }

  @Override
  public String getTimeDateFunctions() {
    return "CURDATE,CURTIME,DAYOFMONTH,DAYOFWEEK,DAYOFYEAR,HOUR,MINUTE,MONTH,NOW,QUARTER,SECOND,TIMESTAMPADD,TIMESTAMPDIFF,WEEK,"
        + "YEAR";
  }

  @Override
  public ResultSet getTables(String catalog, String schemaPattern, String tableNamePattern, String[] types) throws SQLException {
    List<String> typeList = types == null ? null : Arrays.asList(types);
    return LocalResults.of(link.tables(catalog, schemaPattern, tableNamePattern, typeList));
  }

  @Override
  public ResultSet getColumns(String catalog, String schemaPattern, String tableNamePattern, String columnNamePattern)
      throws SQLException {
    return LocalResults.of(link.columns(catalog, schemaPattern, tableNamePattern, columnNamePattern));
  }

  @Override
  public ResultSet getPrimaryKeys(String catalog, String schema, String table) throws SQLException {
    return LocalResults.of(link.tables(catalog, schema, table, Collections.singletonList(PRIMARY_KEYS)));
  }

  @Override
  public ResultSet getSchemas() throws SQLException {
    return getSchemas(null, null);
  }

  @Override
  public ResultSet getSchemas(String catalog, String schemaPattern) throws SQLException {
    return LocalResults.of(link.schemas(catalog, schemaPattern));
  }

  @Override
  public ResultSet getTableTypes() throws SQLException {
    return LocalResults.of(link.tableTypes());
  }

  @Override
  public ResultSet getTypeInfo() throws SQLException {
    return LocalResults.of(link.typeInfo());
  }

  @Override
  public ResultSet getCatalogs() throws SQLException {
    return empty("TABLE_CAT");
  }

  @Override
  public ResultSet getImportedKeys(String catalog, String schema, String table) throws SQLException {
    return LocalResults.of(link.tables(catalog, schema, table, Collections.singletonList(IMPORTED_KEYS)));
  }

  @Override
  public ResultSet getExportedKeys(String catalog, String schema, String table) throws SQLException {
    return LocalResults.of(link.tables(catalog, schema, table, Collections.singletonList(EXPORTED_KEYS)));
  }

  @Override
  public ResultSet getCrossReference(String parentCatalog, String parentSchema, String parentTable, String foreignCatalog,
      String foreignSchema, String foreignTable) throws SQLException {
    String table = foreignTable == null ? "" : foreignTable;
    List<String> other =
        foreignSchema == null ? Arrays.asList(CROSS_REFERENCE, table) : Arrays.asList(CROSS_REFERENCE, table, foreignSchema);
    return LocalResults.of(link.tables(parentCatalog, parentSchema, parentTable, other));
  }

  @Override
  public ResultSet getIndexInfo(String catalog, String schema, String table, boolean unique, boolean approximate) throws SQLException {
    return LocalResults.of(link.tables(catalog, schema, table, Collections.singletonList(unique ? UNIQUE_INDEXES : INDEXES)));
  }

  @Override
  public ResultSet getBestRowIdentifier(String catalog, String schema, String table, int scope, boolean nullable) throws SQLException {
    return LocalResults.of(link.tables(catalog, schema, table, Collections.singletonList(ROW_IDENTIFIER)));
  }

  @Override
  public ResultSet getVersionColumns(String catalog, String schema, String table) throws SQLException {
    return empty(ROW_COLUMN_COLUMNS);
  }

  @Override
  public ResultSet getColumnPrivileges(String catalog, String schema, String table, String columnNamePattern) throws SQLException {
    List<String> columns = columnNamePattern == null ? Collections.singletonList(COLUMN_PRIVILEGES)
        : Arrays.asList(COLUMN_PRIVILEGES, columnNamePattern);
    return LocalResults.of(link.tables(catalog, schema, table, columns));
  }

  @Override
  public ResultSet getTablePrivileges(String catalog, String schemaPattern, String tableNamePattern) throws SQLException {
    return LocalResults.of(link.tables(catalog, schemaPattern, tableNamePattern, Collections.singletonList(TABLE_PRIVILEGES)));
  }

  @Override
  public ResultSet getProcedures(String catalog, String schemaPattern, String procedureNamePattern) throws SQLException {
    return empty("PROCEDURE_CAT", "PROCEDURE_SCHEM", "PROCEDURE_NAME", "RESERVED1", "RESERVED2", "RESERVED3", "REMARKS",
        "PROCEDURE_TYPE", "SPECIFIC_NAME");
  }

  @Override
  public ResultSet getProcedureColumns(String catalog, String schemaPattern, String procedureNamePattern, String columnNamePattern)
      throws SQLException {
    return emptyRoutineColumns("PROCEDURE_");
  }

  @Override
  public ResultSet getFunctions(String catalog, String schemaPattern, String functionNamePattern) throws SQLException {
    return empty("FUNCTION_CAT", "FUNCTION_SCHEM", "FUNCTION_NAME", "REMARKS", "FUNCTION_TYPE", "SPECIFIC_NAME");
  }

  @Override
  public ResultSet getFunctionColumns(String catalog, String schemaPattern, String functionNamePattern, String columnNamePattern)
      throws SQLException {
    return emptyRoutineColumns("FUNCTION_");
  }

  @Override
  public ResultSet getUDTs(String catalog, String schemaPattern, String typeNamePattern, int[] types) throws SQLException {
    return empty("TYPE_CAT", "TYPE_SCHEM", "TYPE_NAME", "CLASS_NAME", "DATA_TYPE", "REMARKS", "BASE_TYPE");
  }

  @Override
  public ResultSet getSuperTypes(String catalog, String schemaPattern, String typeNamePattern) throws SQLException {
    return empty("TYPE_CAT", "TYPE_SCHEM", "TYPE_NAME", "SUPERTYPE_CAT", "SUPERTYPE_SCHEM", "SUPERTYPE_NAME");
  }

  @Override
  public ResultSet getSuperTables(String catalog, String schemaPattern, String tableNamePattern) throws SQLException {
    return empty("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "SUPERTABLE_NAME");
  }

  @Override
  public ResultSet getAttributes(String catalog, String schemaPattern, String typeNamePattern, String attributeNamePattern)
      throws SQLException {
    return empty("TYPE_CAT", "TYPE_SCHEM", "TYPE_NAME", "ATTR_NAME", "DATA_TYPE", "ATTR_TYPE_NAME", "ATTR_SIZE", "DECIMAL_DIGITS",
        "NUM_PREC_RADIX", "NULLABLE", "REMARKS", "ATTR_DEF", "SQL_DATA_TYPE", "SQL_DATETIME_SUB", "CHAR_OCTET_LENGTH",
        "ORDINAL_POSITION", "IS_NULLABLE", "SCOPE_CATALOG", "SCOPE_SCHEMA", "SCOPE_TABLE", "SOURCE_DATA_TYPE");
  }

  @Override
  public ResultSet getClientInfoProperties() throws SQLException {
    return empty("NAME", "MAX_LEN", "DEFAULT_VALUE", "DESCRIPTION");
  }

  @Override
  public ResultSet getPseudoColumns(String catalog, String schemaPattern, String tableNamePattern, String columnNamePattern)
      throws SQLException {
    return empty("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "DATA_TYPE", "COLUMN_SIZE", "DECIMAL_DIGITS", "NUM_PREC_RADIX",
        "COLUMN_USAGE", "REMARKS", "CHAR_OCTET_LENGTH", "IS_NULLABLE");
  }

  private ResultSet emptyRoutineColumns(String prefix) throws SQLException {
    List<String> labels = new java.util.ArrayList<>(Arrays.asList(prefix + "CAT", prefix + "SCHEM", prefix + "NAME"));
    labels.addAll(ROUTINE_COLUMN_COLUMNS);
    return empty(labels);
  }

  private ResultSet empty(String... labels) throws SQLException {
    return empty(Arrays.asList(labels));
  }

  private ResultSet empty(List<String> labels) throws SQLException {
    connection.checkOpen();
    return LocalResults.empty(labels);
  }
}
