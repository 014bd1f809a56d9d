package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlStatement;

/** A plan is never used with a schema it was not made for. */
class PlanCacheTest {

  private KvStore store;
  private SqlDatabase database;
  private SqlSession session;
  private SqlSession other;

  @BeforeEach
  void open() throws SQLException {
    store = EmbeddedStore.openInMemory();
    database = TreatyDatabase.over(store);
    session = database.openSession();
    other = database.openSession();
  }

  @AfterEach
  void close() {
    database.close();
    store.close();
  }

  @Test
  void aPreparedStatementIsPlannedAnewAfterTheTableHasChanged() throws SQLException {
    Sql.update(session, "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR)");
    Sql.update(session, "INSERT INTO t VALUES (1, 'x')");
    SqlStatement prepared = session.prepare("SELECT * FROM t");
    assertEquals(List.of(List.of(1, "x")), Sql.rows((SqlResult.Rows) prepared.execute(List.of())));
    Sql.update(other, "DROP TABLE t");
    Sql.update(other, "CREATE TABLE t (b BOOLEAN, c INTEGER)");
    Sql.update(other, "INSERT INTO t VALUES (TRUE, 5)");
    assertEquals(List.of(List.of(true, 5)), Sql.rows((SqlResult.Rows) prepared.execute(List.of())));
    assertEquals(List.of("b", "c"), prepared.columns().stream().map(column -> column.name()).toList());
    assertEquals(List.of(List.of(true, 5)), Sql.query(session, "SELECT * FROM t"));
  }

  @Test
  void uncommittedTablesOfTheSameNameDoNotShareTheirPlans() throws SQLException {
    session.setAutoCommit(false);
    Sql.update(session, "CREATE TABLE t (a INTEGER)");
    Sql.update(session, "INSERT INTO t VALUES (1)");
    assertEquals(List.of(List.of(1)), Sql.query(session, "SELECT * FROM t"));
    session.rollback();
    other.setAutoCommit(false);
    Sql.update(other, "CREATE TABLE t (a VARCHAR)");
    Sql.update(other, "INSERT INTO t VALUES ('one')");
    assertEquals(List.of(List.of("one")), Sql.query(other, "SELECT * FROM t"));
    other.commit();
    assertEquals(List.of(List.of("one")), Sql.query(session, "SELECT * FROM t"));
  }

  @Test
  void onePlanServesManyThreads() throws Exception {
    Sql.update(session, "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)");
    for (int i = 0; i < 100; i++) {
      Sql.update(session, "INSERT INTO t VALUES (?, ?)", i, i * i);
    }
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> threads = IntStream.range(0, 8).mapToObj(thread -> executor.submit(() -> {
        boolean right = true;
        try (SqlSession mine = database.openSession()) {
          for (int i = 0; i < 100; i++) {
            int id = (i * 7 + thread) % 100;
            right &= Sql.query(mine, "SELECT a FROM t WHERE id = ? AND a + ? >= 0", id, thread).equals(List.of(List.of(id * id)));
          }
        }
        return right;
      })).toList();
      for (Future<Boolean> thread : threads) {
        assertEquals(true, thread.get());
      }
    }
  }
}
