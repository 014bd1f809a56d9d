package org.treatydb.jdbc.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CsvTest {

  private static final String EVERY_TYPE = """
      CREATE TABLE everything (id INTEGER PRIMARY KEY, small SMALLINT, big BIGINT, price DECIMAL(10, 2), ratio DOUBLE, yes BOOLEAN,
        name VARCHAR, code CHAR(3), day DATE, at_time TIME(3), moment TIMESTAMP(3), bytes VARBINARY)""";

  private final String url = "jdbc:treaty:mem:" + UUID.randomUUID();
  private final List<Rejection> rejections = new ArrayList<>();
  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    connection = DriverManager.getConnection(url);
    execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR(10) NOT NULL, price DECIMAL(6, 2))");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static CsvImport.Settings into(String table) {
    return new CsvImport.Settings(table, List.of(), true, CsvDialect.DEFAULT, false, 1000);
  }

  private static CsvImport.Settings allOrNothing(String table) {
    return new CsvImport.Settings(table, List.of(), true, CsvDialect.DEFAULT, true, 1000);
  }

  private CsvImport.Result load(CsvImport.Settings settings, String file) throws Exception {
    try (Connection own = DriverManager.getConnection(url)) {
      return new CsvImport(own, settings, rejections::add, done -> { }).run(new StringReader(file));
    }
  }

  private String export(String query) throws Exception {
    StringBuilder out = new StringBuilder();
    try (Connection own = DriverManager.getConnection(url)) {
      new CsvExport(own, CsvDialect.DEFAULT, rows -> { }).run(query, true, out);
    }
    return out.toString();
  }

  private long count(String table) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      assertTrue(rows.next());
      return rows.getLong(1);
    }
  }

  private List<String> states() {
    return rejections.stream().map(each -> each.line() + " " + each.reason().getSQLState()).toList();
  }

  @Test
  void whatWasExportedIsImportedAsItWas() throws Exception {
    execute(EVERY_TYPE);
    execute("""
        INSERT INTO everything VALUES
          (1, -5, 9000000000000, 12.30, 0.1, TRUE, 'plain', 'abc', DATE '2026-01-31', TIME '23:59:59.999',
            TIMESTAMP '2026-01-31 01:02:03.004', X'00ff10'),
          (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
          (3, 0, 0, -0.01, 1e300, FALSE, '', '', NULL, NULL, NULL, X''),
          (4, 0, 0, 0, 0, FALSE, 'a "quoted", word
          and a second line, ünïcödé', 'x', NULL, NULL, NULL, NULL)""");
    String file = export("SELECT * FROM everything ORDER BY id");
    assertEquals("\"id\",\"small\",\"big\",\"price\",\"ratio\",\"yes\",\"name\"", file.substring(0, file.indexOf(",\"code\"")));
    assertTrue(file.contains("\n2,,,,,,,,,,,\n"), file);
    execute("DELETE FROM everything");
    assertEquals(new CsvImport.Result(4, 0, true), load(into("everything"), file));
    assertEquals(file, export("SELECT * FROM everything ORDER BY id"));
  }

  @Test
  void refusedRecordsAreToldWithTheirLinesAndTheOthersAreThere() throws Exception {
    CsvImport.Result result = load(into("item"), """
        id,name,price
        1,"a
        b",1.00
        2,,2.00
        one,c,3.00
        1,d,4.00
        5,e
        6,much too long,6.00
        7,g,70000.00

        8,h,
        """);
    assertEquals(new CsvImport.Result(2, 6, true), result);
    assertEquals(List.of("4 23502", "5 22018", "6 23505", "7 22P04", "8 22001", "9 22003"), states());
    assertEquals(2, count("item"));
    assertEquals(List.of("id", "name", "price"), rejections.getFirst().columns());

    StringBuilder again = new StringBuilder();
    RejectionFile refused = new RejectionFile(again, CsvDialect.DEFAULT, true);
    rejections.forEach(refused);
    assertTrue(again.toString().startsWith("\"id\",\"name\",\"price\"\n\"2\",,\"2.00\"\n\"one\",\"c\",\"3.00\"\n"), again.toString());
    assertEquals(new CsvImport.Result(0, 6, true), load(into("item"), again.toString()));
  }

  @Test
  void allOrNothingImportsNothingIfARecordIsRefused() throws Exception {
    String good = IntStream.range(0, 1200).mapToObj(i -> i + ",n,1").collect(Collectors.joining("\n", "id,name,price\n", "\n"));
    assertEquals(new CsvImport.Result(0, 2, true), load(allOrNothing("item"), good + "1199,again,2\n1200,n,3\n1200,n,4\n"));
    assertEquals(List.of("1202 23505", "1204 23505"), states());
    assertEquals(0, count("item"));
    assertEquals(new CsvImport.Result(1200, 0, true), load(allOrNothing("item"), good));
    assertEquals(1200, count("item"));
  }

  @Test
  void nothingMoreIsTriedAfterTooManyRejections() throws Exception {
    String bad = IntStream.range(0, 2000).mapToObj(i -> "x,n,1").collect(Collectors.joining("\n", "id,name,price\n", "\n"));
    CsvImport.Result result = load(new CsvImport.Settings("item", List.of(), true, CsvDialect.DEFAULT, false, 10), bad + "1,good,1\n");
    assertFalse(result.complete());
    assertEquals(0, count("item"));
    assertEquals(result.rejected(), rejections.size());
  }

  @Test
  void columnsAreFoundByTheirNamesInTheHeaderOrAsTheCallerSays() throws Exception {
    load(into("item"), "NAME,Id\nfirst,1\n");
    load(new CsvImport.Settings("item", List.of("price", "name", "id"), false, new CsvDialect(';', "\\N"), false, 0), "1,5;\"\\N\";2\n");
    load(new CsvImport.Settings("item", List.of("price", "name", "id"), false, new CsvDialect(';', "\\N"), false, 0), "\\N;\"\\N\";3\n");
    assertEquals(List.of("1 22018"), states());
    assertEquals("\"id\",\"name\",\"price\"\n1,\"first\",\n3,\"\\N\",\n", export("SELECT * FROM item ORDER BY id"));
    assertEquals("42703", assertThrows(SQLException.class, () -> load(into("item"), "id,title\n1,x\n")).getSQLState());
    assertEquals("42701", assertThrows(SQLException.class, () -> load(into("item"), "id,ID\n1,1\n")).getSQLState());
    assertEquals("42P01", assertThrows(SQLException.class, () -> load(into("nothing"), "id\n1\n")).getSQLState());
  }

  @Test
  void aFileThatCannotBeReadOnEndsTheImportAndTellsHowFarItCame() throws Exception {
    String good = IntStream.range(0, 600).mapToObj(i -> i + ",n,1").collect(Collectors.joining("\n", "id,name,price\n", "\n"));
    SQLException failure = assertThrows(SQLException.class, () -> load(into("item"), good + "600,\"never closed,1\n"));
    assertEquals("22P04", failure.getSQLState());
    assertTrue(failure.getMessage().contains("500 records before have been imported"), failure.getMessage());
    assertEquals(500, count("item"));
    execute("DELETE FROM item");
    failure = assertThrows(SQLException.class, () -> load(allOrNothing("item"), good + "600,\"never closed,1\n"));
    assertTrue(failure.getMessage().contains("nothing has been imported"), failure.getMessage());
    assertEquals(0, count("item"));
  }

  @Test
  void anEmptyFileImportsNothing() throws Exception {
    assertEquals(new CsvImport.Result(0, 0, true), load(into("item"), ""));
    assertEquals(new CsvImport.Result(0, 0, true), load(into("item"), "id,name,price\n"));
  }
}
