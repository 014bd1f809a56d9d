package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlCursor;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.exec.QueryMemory;

/** Statements that would hold more rows in memory than they may are refused; those that hold few read any number. */
@Timeout(120)
class QueryMemoryTest {

  private static final int ROWS = 4000;

  /** One statement may hold half of it: less than the table, and more than a tenth of it. */
  private static final long BYTES_MAX = 700_000;

  private final QueryMemory memory = new QueryMemory(BYTES_MAX);
  private KvStore store;
  private SqlDatabase database;
  private SqlDatabase generous;
  private SqlSession session;

  @BeforeEach
  void open() throws SQLException {
    store = EmbeddedStore.openInMemory();
    database = TreatyDatabase.over(store, 1, memory);
    generous = TreatyDatabase.over(store);
    session = database.openSession();
    Sql.update(session, "CREATE TABLE t (id INTEGER PRIMARY KEY, few INTEGER, many INTEGER, name VARCHAR)");
    for (int from = 0; from < ROWS; from += 1000) {
      Sql.update(session, "INSERT INTO t VALUES " + IntStream.range(from, from + 1000)
          .mapToObj(i -> "(%1$d, %2$d, %3$d, 'a name of some length %3$d')".formatted(i, i % 10, ROWS - i))
          .collect(Collectors.joining(",")));
    }
  }

  @AfterEach
  void close() {
    assertEquals(0, memory.reserved(), "memory is given back");
    session.close();
    database.close();
    generous.close();
    store.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "SELECT * FROM t ORDER BY name",
      "SELECT * FROM t ORDER BY name LIMIT 3900",
      "SELECT DISTINCT name FROM t",
      "SELECT name, COUNT(*) FROM t GROUP BY name",
      "SELECT few, name, COUNT(*) FROM t GROUP BY ROLLUP (few, name)",
      "SELECT LISTAGG(name) WITHIN GROUP (ORDER BY name) FROM t",
      "SELECT few, ARRAY_AGG(name) FROM t GROUP BY few",
      "SELECT a.name, b.many FROM t a JOIN t b ON a.name = b.name",
      "SELECT a.name, b.many FROM t a FULL JOIN t b ON a.name = b.name",
      "SELECT name FROM t WHERE name NOT IN (SELECT name FROM t WHERE few > 0)",
      "SELECT name FROM t UNION SELECT name || 'x' FROM t",
      "SELECT name FROM t INTERSECT SELECT name FROM t",
      "SELECT name, many FROM t EXCEPT SELECT name, id FROM t",
      "SELECT id, SUM(many) OVER (ORDER BY name) FROM t",
      "WITH RECURSIVE r(n) AS (SELECT 1 UNION SELECT n + 1 FROM r WHERE n < 9000) SELECT MAX(n) FROM r",
      "UPDATE t SET name = name || 'x'",
      "DELETE FROM t WHERE many > 0",
      "INSERT INTO t SELECT id + 10000, few, many, name FROM t",
      "CREATE TABLE copy AS SELECT * FROM t"})
  void whatHoldsTooManyRowsIsRefusedAndHasDoneNothing(String sql) throws SQLException {
    Sql.fails(SqlState.OUT_OF_MEMORY, session, sql);
    assertEquals(0, memory.reserved(), "what it held is free again");
    assertEquals(List.of(List.of((long) ROWS, ROWS * (ROWS + 1L) / 2)), Sql.query(session, "SELECT COUNT(*), SUM(many) FROM t"));
    try (SqlSession rich = generous.openSession()) {
      rich.setAutoCommit(false);
      SqlResult result = rich.prepare(sql).execute(List.of());
      if (result instanceof SqlResult.Rows rows) {
        assertTrue(!Sql.rows(rows).isEmpty() || sql.contains("NOT IN"), "with more memory it works");
      }
      rich.rollback();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "SELECT SUM(many) FROM t",
      "SELECT few, COUNT(*), MAX(name) FROM t GROUP BY few",
      "SELECT few, COUNT(*) FROM t GROUP BY ROLLUP (few)",
      "SELECT DISTINCT few FROM t",
      "SELECT few FROM t UNION SELECT few FROM t",
      "SELECT few FROM t INTERSECT SELECT few + 5 FROM t",
      "SELECT * FROM t ORDER BY name LIMIT 50",
      "SELECT * FROM t ORDER BY id",
      "SELECT a.name FROM t a JOIN t b ON a.id = b.id",
      "UPDATE t SET name = name || 'x' WHERE id < 300"})
  void whatHoldsFewRowsReadsAnyNumber(String sql) throws SQLException {
    session.setAutoCommit(false);
    SqlResult result = session.prepare(sql).execute(List.of());
    if (result instanceof SqlResult.Rows rows) {
      assertTrue(!Sql.rows(rows).isEmpty());
    }
    session.rollback();
  }

  @Test
  void allStatementsTogetherHaveABoundToo() throws SQLException {
    String some = "SELECT * FROM t WHERE id < 1200 ORDER BY name";
    try (SqlCursor first = cursor(some); SqlCursor second = cursor(some)) {
      assertTrue(first.next() && second.next());
      SQLException refused = Sql.fails(SqlState.OUT_OF_MEMORY, session, some);
      assertTrue(refused.getMessage().startsWith("All statements together"), refused.getMessage());
    }
    assertEquals(1200, Sql.query(session, some).size());
  }

  private SqlCursor cursor(String sql) throws SQLException {
    return ((SqlResult.Rows) session.prepare(sql).execute(List.of())).cursor();
  }

  @Test
  void aRefusedStatementLeavesItsTransactionAsItWas() throws SQLException {
    session.setAutoCommit(false);
    Sql.update(session, "UPDATE t SET name = 'mine' WHERE id = 7");
    Sql.fails(SqlState.OUT_OF_MEMORY, session, "UPDATE t SET name = name || 'x'");
    session.commit();
    assertEquals(List.of(List.of("mine")), Sql.query(session, "SELECT name FROM t WHERE id = 7"));
  }
}
