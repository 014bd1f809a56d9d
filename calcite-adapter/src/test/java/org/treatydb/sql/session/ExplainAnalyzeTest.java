package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlSession;

/** EXPLAIN ANALYZE runs a query, and says what each of its operators did. */
class ExplainAnalyzeTest {

  private KvStore store;
  private SqlDatabase database;
  private SqlSession session;

  @BeforeEach
  void open() throws SQLException {
    store = EmbeddedStore.openInMemory();
    database = TreatyDatabase.over(store);
    session = database.openSession();
    Sql.update(session, "CREATE TABLE artist (id INTEGER PRIMARY KEY, name VARCHAR)");
    Sql.update(session, "CREATE TABLE track (id INTEGER PRIMARY KEY, artist INTEGER, price INTEGER)");
    Sql.update(session, "INSERT INTO artist VALUES (1, 'Bach'), (2, 'Ives')");
    Sql.update(session, "INSERT INTO track VALUES (1, 1, 5), (2, 1, 7), (3, 2, 9), (4, 2, 5), (5, 2, 1)");
  }

  @AfterEach
  void close() {
    session.close();
    database.close();
    store.close();
  }

  /** Without what differs from run to run. */
  private List<String> analyzed(String query, Object... parameters) throws SQLException {
    return Sql.query(session, "EXPLAIN ANALYZE " + query, parameters).stream()
        .map(row -> ((String) row.getFirst()).replaceAll("\\d+\\.\\d{3} ms", "T ms")).toList();
  }

  @Test
  void eachOperatorTellsItsRows() throws SQLException {
    assertEquals(List.of(
        "Sort by artist  (rows=2 time=T ms)",
        "  Group by artist: COUNT(*)  (rows=2 time=T ms)",
        "    Project artist  (rows=3 time=T ms)",
        "      Filter price > 5 OR id = 5",
        "        Full scan of track  (rows=5 time=T ms)",
        "Execution: T ms"), analyzed("SELECT artist, COUNT(*) FROM track WHERE price > 5 OR id = 5 GROUP BY artist ORDER BY artist"));
  }

  @Test
  void whatRunsForEachRowTellsHowOften() throws SQLException {
    List<String> lines = analyzed("SELECT a.id, t.id FROM artist a LEFT JOIN track t ON t.price > a.id WHERE a.id < ?", 9);
    assertTrue(lines.stream().anyMatch(line -> line.contains("Full scan of track") && line.contains("rows=10 runs=2 ")),
        String.join("\n", lines));
  }

  @Test
  void whatIsNotNeededIsNeverRun() throws SQLException {
    List<String> lines = analyzed("SELECT a.name FROM artist a WHERE a.id = 9 AND EXISTS (SELECT 1 FROM track t WHERE t.price > a.id)");
    assertTrue(lines.stream().anyMatch(line -> line.endsWith("(never run)")), String.join("\n", lines));
  }

  @Test
  void timesIncludeThoseOfTheInputs() throws SQLException {
    List<Double> times = Sql.query(session, "EXPLAIN ANALYZE SELECT MAX(price) FROM track GROUP BY artist").stream()
        .map(row -> Double.valueOf(((String) row.getFirst()).replaceFirst(".*?(\\d+\\.\\d{3}) ms.*", "$1"))).toList();
    for (int i = 1; i < times.size() - 1; i++) {
      assertTrue(times.get(i) <= times.get(i - 1), times.toString());
    }
    assertTrue(times.getLast() > 0, times.toString());
  }
}
