package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetadataTest extends ContractTest {

  private DatabaseMetaData metadata;
  private String schema;

  @BeforeEach
  void createTables() throws SQLException {
    run("create table \"Orders\" (\"day\" date not null, \"no\" integer not null, \"sum\" decimal(12, 2) default 0, "
            + "\"note\" varchar(50), primary key (\"no\", \"day\"))",
        "create table \"Other_one\" (\"id\" bigint primary key)");
    metadata = connection.getMetaData();
    schema = connection.getSchema();
  }

  private static List<String> column(ResultSet result, String label) throws SQLException {
    List<String> values = new java.util.ArrayList<>();
    try (result) {
      while (result.next()) {
        values.add(result.getString(label));
      }
    }
    return values;
  }

  @Test
  void tablesAreListedByPattern() throws SQLException {
    assertEquals(List.of("Orders", "Other_one"), column(metadata.getTables(null, null, "O%", new String[] {"TABLE"}), "TABLE_NAME"));
    assertEquals(List.of("Other_one"), column(metadata.getTables(null, schema, "Other\\_one", null), "TABLE_NAME"));
    assertEquals(List.of(), column(metadata.getTables(null, "nowhere", "%", null), "TABLE_NAME"));
    assertEquals(List.of(), column(metadata.getTables(null, null, "%", new String[] {"VIEW"}), "TABLE_NAME"));
    assertEquals(List.of("SYSTEM TABLE", "TABLE", "VIEW"), column(metadata.getTableTypes(), "TABLE_TYPE"));
    assertTrue(column(metadata.getSchemas(), "TABLE_SCHEM").contains(schema));
    assertEquals(List.of(schema), column(metadata.getSchemas(null, schema), "TABLE_SCHEM"));
    assertFalse(metadata.getCatalogs().next());
  }

  @Test
  void remarksTellHowATableIsPartitioned() throws SQLException {
    run("create table parts (a integer, b integer, primary key (a, b)) partition by hash (b) buckets 3",
        "create table row_parts (a integer) partition by hash buckets 2");
    assertEquals(List.of("PARTITION BY HASH (b) BUCKETS 3"), column(metadata.getTables(null, null, "parts", null), "REMARKS"));
    assertEquals(List.of("PARTITION BY HASH BUCKETS 2"), column(metadata.getTables(null, null, "row_parts", null), "REMARKS"));
    assertEquals(null, column(metadata.getTables(null, null, "Orders", null), "REMARKS").getFirst());
  }

  @Test
  void viewsAndCommentsAreListed() throws SQLException {
    run("create schema shop", "create table shop.item (id integer primary key, name varchar(7))",
        "create view shop.names as select name, id + 1 as after from shop.item", "comment on table shop.item is 'Things'",
        "comment on column shop.item.name is 'In words'", "comment on view shop.names is 'Names'");
    assertEquals(List.of("shop"), column(metadata.getSchemas(null, "shop"), "TABLE_SCHEM"));
    assertEquals(List.of("item", "names"), column(metadata.getTables(null, "shop", "%", null), "TABLE_NAME"));
    assertEquals(List.of("names"), column(metadata.getTables(null, "shop", "%", new String[] {"VIEW"}), "TABLE_NAME"));
    assertEquals(List.of("Things", "Names"), column(metadata.getTables(null, "shop", "%", null), "REMARKS"));
    assertEquals(List.of("name", "after"), column(metadata.getColumns(null, "shop", "names", null), "COLUMN_NAME"));
    assertEquals("In words", column(metadata.getColumns(null, "shop", "item", "name"), "REMARKS").getFirst());
    run("create table counted (id bigint generated always as identity, twice bigint generated always as (id * 2) stored)");
    assertEquals(List.of("YES", "NO"), column(metadata.getColumns(null, null, "counted", null), "IS_AUTOINCREMENT"));
    assertEquals(List.of("NO", "YES"), column(metadata.getColumns(null, null, "counted", null), "IS_GENERATEDCOLUMN"));
    run("create schema empty");
    assertEquals(List.of("empty"), column(metadata.getSchemas(null, "empty"), "TABLE_SCHEM"));
  }

  @Test
  void systemViewsAreListedAndRead() throws SQLException {
    assertTrue(column(metadata.getSchemas(), "TABLE_SCHEM").contains("sys"));
    assertTrue(column(metadata.getTables(null, "sys", "%", null), "TABLE_NAME").contains("locks"));
    assertEquals(List.of("SYSTEM TABLE"), column(metadata.getTables(null, "sys", "locks", null), "TABLE_TYPE"));
    assertEquals(List.of(), column(metadata.getTables(null, "sys", "%", new String[] {"TABLE"}), "TABLE_NAME"));
    assertTrue(column(metadata.getColumns(null, "sys", "locks", null), "COLUMN_NAME").contains("waits_for"));
    assertEquals(List.of(), rows("select * from sys.locks"));
    assertFails("42501", SQLSyntaxErrorException.class, () -> run("delete from sys.locks"));
  }

  @Test
  void columnsAreDescribed() throws SQLException {
    assertEquals(List.of("day", "no", "sum", "note"), column(metadata.getColumns(null, schema, "Orders", null), "COLUMN_NAME"));
    try (ResultSet sum = metadata.getColumns(null, schema, "Orders", "s%")) {
      assertTrue(sum.next());
      assertEquals(Types.DECIMAL, sum.getInt("DATA_TYPE"));
      assertEquals("DECIMAL", sum.getString("TYPE_NAME"));
      assertEquals(12, sum.getInt("COLUMN_SIZE"));
      assertEquals(2, sum.getInt("DECIMAL_DIGITS"));
      assertEquals("YES", sum.getString("IS_NULLABLE"));
      assertEquals("0", sum.getString("COLUMN_DEF"));
      assertEquals(3, sum.getInt("ORDINAL_POSITION"));
      assertFalse(sum.next());
    }
    try (ResultSet number = metadata.getColumns(null, schema, "Orders", "no")) {
      assertTrue(number.next());
      assertEquals(DatabaseMetaData.columnNoNulls, number.getInt("NULLABLE"));
      assertEquals(10, number.getInt("NUM_PREC_RADIX"));
    }
  }

  @Test
  void indexesAreListed() throws SQLException {
    run("create table indexed (id integer primary key, a integer unique, b integer)", "create index by_b on indexed (b desc, a)");
    ResultSet all = metadata.getIndexInfo(null, null, "indexed", false, true);
    assertEquals(List.of("indexed_a_key", "indexed_pkey", "by_b", "by_b"), column(all, "INDEX_NAME"));
    assertEquals(List.of("a", "id"), column(metadata.getIndexInfo(null, schema, "indexed", true, true), "COLUMN_NAME"));
    try (ResultSet columns = metadata.getIndexInfo(null, schema, "indexed", false, true)) {
      for (int i = 0; i < 3; i++) {
        assertTrue(columns.next());
      }
      assertTrue(columns.getBoolean("NON_UNIQUE"));
      assertEquals("D", columns.getString("ASC_OR_DESC"));
      assertEquals(1, columns.getShort("ORDINAL_POSITION"));
      assertEquals("b", columns.getString("COLUMN_NAME"));
    }
    assertFalse(metadata.getIndexInfo(null, "nowhere", "indexed", false, true).next());
  }

  @Test
  void primaryKeysAreListed() throws SQLException {
    assertEquals(List.of("day", "no"), column(metadata.getPrimaryKeys(null, schema, "Orders"), "COLUMN_NAME"));
    assertEquals(List.of("2", "1"), column(metadata.getPrimaryKeys(null, null, "Orders"), "KEY_SEQ"));
    assertFalse(metadata.getPrimaryKeys(null, null, "Order_").next());
    assertEquals(List.of("Orders_pkey", "Orders_pkey"), column(metadata.getPrimaryKeys(null, null, "Orders"), "PK_NAME"));
    run("create table named (id integer, constraint its_key primary key (id))");
    assertEquals(List.of("its_key"), column(metadata.getPrimaryKeys(null, null, "named"), "PK_NAME"));
    assertEquals(List.of("its_key"), column(metadata.getIndexInfo(null, null, "named", true, true), "INDEX_NAME"));
  }

  @Test
  void thePrimaryKeyTellsRowsApart() throws SQLException {
    int scope = DatabaseMetaData.bestRowSession;
    assertEquals(List.of("no", "day"), column(metadata.getBestRowIdentifier(null, schema, "Orders", scope, true), "COLUMN_NAME"));
    assertEquals(List.of("10", "10"), column(metadata.getBestRowIdentifier(null, null, "Orders", scope, true), "COLUMN_SIZE"));
    run("create table keyless (a integer)");
    assertFalse(metadata.getBestRowIdentifier(null, null, "keyless", scope, true).next());
  }

  @Test
  void sizesAreDigitsCharactersOrBytes() throws SQLException {
    run("create table sizes (a smallint, b integer, c bigint, d decimal(7, 2), e real, f double, g boolean, h char(3), i varchar(9), "
        + "j varchar, k date, l time, m timestamp, n varbinary(5), o uuid)");
    ResultSet columns = metadata.getColumns(null, null, "sizes", null);
    assertEquals(java.util.Arrays.asList("5", "10", "19", "7", "24", "53", "1", "3", "9", null, "10", "12", "23", "5", "36"),
        column(columns, "COLUMN_SIZE"));
    columns = metadata.getColumns(null, null, "sizes", null);
    assertEquals(java.util.Arrays.asList("0", "0", "0", "2", null, null, null, null, null, null, null, "3", "3", null, null),
        column(columns, "DECIMAL_DIGITS"));
  }

  /** Each function that metadata lists, as JDBC's escape calls it. */
  private static final Map<String, String> CALLS = Map.ofEntries(
      Map.entry("ATAN2", "1, 2"), Map.entry("MOD", "7, 2"), Map.entry("PI", ""), Map.entry("POWER", "2, 3"), Map.entry("RAND", ""),
      Map.entry("ROUND", "1.5, 0"), Map.entry("TRUNCATE", "1.5, 0"), Map.entry("ASCII", "'a'"), Map.entry("CHAR", "65"),
      Map.entry("CONCAT", "'a', 'b'"), Map.entry("INSERT", "'abc', 1, 1, 'x'"), Map.entry("LCASE", "'A'"), Map.entry("LEFT", "'ab', 1"),
      Map.entry("LENGTH", "'ab'"), Map.entry("LOCATE", "'b', 'ab'"), Map.entry("LTRIM", "' a'"), Map.entry("REPEAT", "'a', 2"),
      Map.entry("REPLACE", "'ab', 'a', 'c'"), Map.entry("RIGHT", "'ab', 1"), Map.entry("RTRIM", "'a '"),
      Map.entry("SUBSTRING", "'abc', 2, 1"), Map.entry("UCASE", "'a'"), Map.entry("IFNULL", "1, 2"), Map.entry("CURDATE", ""),
      Map.entry("CURTIME", ""), Map.entry("NOW", ""), Map.entry("DAYOFMONTH", "date '2026-01-02'"),
      Map.entry("DAYOFWEEK", "date '2026-01-02'"), Map.entry("DAYOFYEAR", "date '2026-01-02'"),
      Map.entry("HOUR", "time '01:02:03'"), Map.entry("MINUTE", "time '01:02:03'"), Map.entry("SECOND", "time '01:02:03'"),
      Map.entry("MONTH", "date '2026-01-02'"), Map.entry("QUARTER", "date '2026-01-02'"), Map.entry("WEEK", "date '2026-01-02'"),
      Map.entry("YEAR", "date '2026-01-02'"), Map.entry("TIMESTAMPADD", "SQL_TSI_DAY, 1, timestamp '2026-01-02 03:04:05'"),
      Map.entry("TIMESTAMPDIFF", "SQL_TSI_DAY, timestamp '2026-01-02 03:04:05', timestamp '2026-01-03 03:04:05'"));

  @Test
  void everyFunctionThatIsListedCanBeCalled() throws SQLException {
    String all = String.join(",", metadata.getNumericFunctions(), metadata.getStringFunctions(), metadata.getSystemFunctions(),
        metadata.getTimeDateFunctions());
    List<String> failed = new java.util.ArrayList<>();
    for (String function : all.split(",")) {
      try {
        assertEquals(1, rows("select {fn " + function + "(" + CALLS.getOrDefault(function, "0.5") + ")}").size());
      } catch (SQLException e) {
        failed.add(function + ": " + e.getMessage());
      }
    }
    assertEquals(List.of(), failed);
  }

  @Test
  void theWordsThatAreListedCannotNameATable() throws SQLException {
    for (String word : metadata.getSQLKeywords().split(",")) {
      assertFails("42601", SQLSyntaxErrorException.class, () -> run("create table " + word + " (a integer)"));
    }
    assertTrue(metadata.supportsSelectForUpdate() && metadata.supportsAlterTableWithAddColumn());
  }

  @Test
  void foreignKeysAreListed() throws SQLException {
    run("create table owner (id integer primary key, a integer, b integer, constraint both_keys unique (a, b))",
        "create table pet (owner integer references owner on delete cascade, x integer, y integer, "
            + "constraint by_both foreign key (y, x) references owner (b, a) on update set null)",
        "create table toy (owner integer references owner)");
    ResultSet imported = metadata.getImportedKeys(null, schema, "pet");
    assertEquals(List.of("by_both", "by_both", "pet_owner_fkey"), column(imported, "FK_NAME"));
    assertEquals(List.of("b", "a", "id"), column(metadata.getImportedKeys(null, null, "pet"), "PKCOLUMN_NAME"));
    assertEquals(List.of("y", "x", "owner"), column(metadata.getImportedKeys(null, null, "pet"), "FKCOLUMN_NAME"));
    assertEquals(List.of("1", "2", "1"), column(metadata.getImportedKeys(null, null, "pet"), "KEY_SEQ"));
    assertEquals(List.of("both_keys", "both_keys", "owner_pkey"), column(metadata.getImportedKeys(null, null, "pet"), "PK_NAME"));
    assertEquals(List.of("pet", "pet", "pet", "toy"), column(metadata.getExportedKeys(null, schema, "owner"), "FKTABLE_NAME"));
    assertEquals(List.of(), column(metadata.getExportedKeys(null, "nowhere", "owner"), "FKTABLE_NAME"));
    assertEquals(List.of("toy"), column(metadata.getCrossReference(null, null, "owner", null, schema, "toy"), "FKTABLE_NAME"));
    assertEquals(List.of("toy"), column(metadata.getCrossReference(null, schema, "owner", null, null, "toy"), "FKTABLE_NAME"));
    assertFalse(metadata.getCrossReference(null, null, "toy", null, null, "owner").next());
    try (ResultSet rules = metadata.getImportedKeys(null, null, "pet")) {
      assertTrue(rules.next());
      assertEquals(DatabaseMetaData.importedKeyNoAction, rules.getShort("DELETE_RULE"));
      assertEquals(DatabaseMetaData.importedKeySetNull, rules.getShort("UPDATE_RULE"));
      assertTrue(rules.next() && rules.next());
      assertEquals(DatabaseMetaData.importedKeyCascade, rules.getShort("DELETE_RULE"));
      assertEquals(DatabaseMetaData.importedKeyNotDeferrable, rules.getShort("DEFERRABILITY"));
    }
  }

  @Test
  void theTypesAreListedInTheOrderOfTheirCodes() throws SQLException {
    List<Integer> codes = column(metadata.getTypeInfo(), "DATA_TYPE").stream().map(Integer::valueOf).toList();
    assertEquals(codes.stream().sorted().toList(), codes);
    assertTrue(codes.containsAll(List.of(Types.INTEGER, Types.VARCHAR, Types.TIMESTAMP, Types.DECIMAL, Types.VARBINARY)));
  }

  @Test
  void productAndLimitsAreKnown() throws SQLException {
    assertEquals("Treaty", metadata.getDatabaseProductName());
    assertEquals("0.1.0", metadata.getDatabaseProductVersion());
    assertEquals("0.1.0", metadata.getDriverVersion());
    assertEquals(0, metadata.getDriverMajorVersion());
    assertEquals("\"", metadata.getIdentifierQuoteString());
    assertTrue(metadata.supportsSavepoints() && metadata.supportsBatchUpdates() && metadata.supportsTransactions());
    assertFalse(metadata.getURL().contains(";"));
    assertEquals(connection, metadata.getConnection());
  }

  @Test
  void unquotedNamesAreStoredAsMetadataSays() throws SQLException {
    run("create table Mixed (Id integer primary key)");
    String stored = metadata.storesUpperCaseIdentifiers() ? "MIXED" : metadata.storesLowerCaseIdentifiers() ? "mixed" : "Mixed";
    assertEquals(List.of(stored), column(metadata.getTables(null, null, stored, null), "TABLE_NAME"));
    run("insert into mixed values (1)");
    assertEquals(List.of("1"), rows("select ID from MIXED"));
  }

  @Test
  void everyQuestionHasAnAnswer() throws Exception {
    for (Method method : DatabaseMetaData.class.getMethods()) {
      if (method.getDeclaringClass() == DatabaseMetaData.class) {
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
          Class<?> type = method.getParameterTypes()[i];
          arguments[i] = type == int.class ? (Object) 1 : type == boolean.class ? (Object) true : null;
        }
        try {
          Object answer = method.invoke(metadata, arguments);
          assertNotNull(answer, method.toString());
          if (answer instanceof ResultSet result) {
            assertTrue(result.getMetaData().getColumnCount() > 0);
            result.close();
          }
        } catch (InvocationTargetException e) {
          throw new AssertionError(method.toString(), e.getCause());
        }
      }
    }
  }
}
