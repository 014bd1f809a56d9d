package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Statements that would work or wait for ever, and what stops them. */
@Timeout(120)
class CancellationTest extends ContractTest {

  private static final String ENDLESS = "with recursive n (i) as (values (1) union all select i from n) select count(*) from n";
  private static final String PATIENT = ";lockTimeoutMillis=3600000";

  /** Each would take days. */
  private static final List<String> LONG = List.of(
      ENDLESS,
      "select count(*) from t a, t b, t c, t d, t e",
      "select count(*) from t a join t b on a.id < b.id join t c on c.id > b.id join t d on d.id < c.id join t e on e.id <> d.id",
      "select count(*) from t a full join t b on a.id <> b.id full join t c on c.id <> b.id full join t d on d.id <> c.id "
          + "full join t e on e.id <> d.id",
      "select max(x) from (select a.id + b.id + c.id as x from t a, t b, t c, t d, t e order by x offset 9 rows fetch first 9 rows only)",
      "select a.name, count(*) from t a, t b, t c, t d, t e group by a.name",
      "select count(*) from t a where exists (select 1 from t b, t c, t d, t e where b.id + c.id + d.id + e.id < a.id - 10000)",
      "insert into t select a.id - 1, 'x' from t a, t b, t c, t d, t e where a.id + b.id + c.id + d.id + e.id < 0",
      "update t set name = 'x' where (select count(*) from t b, t c, t d, t e, t f where b.id < t.id) = 5",
      "delete from t where id in (select -1 - b.id from t b, t c, t d, t e, t f)");

  private static CompletableFuture<Void> start(Executable work) {
    return CompletableFuture.runAsync(() -> {
      try {
        work.execute();
      } catch (Throwable e) {
        throw new CompletionException(e);
      }
    }, task -> Thread.ofPlatform().start(task));
  }

  /** Cancels until the work is over: a cancellation that comes before the work has begun has no effect. */
  private static void cancelUntilDone(Statement statement, CompletableFuture<Void> work) throws SQLException {
    while (!work.isDone()) {
      statement.cancel();
      Thread.yield();
    }
  }

  private static SQLException failure(CompletableFuture<Void> work) {
    return assertInstanceOf(SQLException.class, assertThrows(CompletionException.class, work::join).getCause());
  }

  private static void assertCancelled(CompletableFuture<Void> work) {
    SQLException e = failure(work);
    assertEquals("57014", e.getSQLState(), e.getMessage());
    assertInstanceOf(SQLTimeoutException.class, e);
    assertTrue(e.getMessage().contains("was cancelled"), e.getMessage());
  }

  @Test
  void whateverAStatementDoesItCanBeCancelledAndTheTransactionGoesOn() throws Exception {
    fill(300);
    connection.setAutoCommit(false);
    run("insert into t values (1000, 'first')");
    for (String sql : mode == Mode.FILE ? LONG.subList(0, 2) : LONG) {
      try (Statement statement = connection.createStatement()) {
        CompletableFuture<Void> work = start(() -> statement.execute(sql));
        cancelUntilDone(statement, work);
        assertCancelled(work);
        assertFalse(statement.isClosed());
      }
    }
    run("insert into t values (1001, 'second')");
    connection.commit();
    assertEquals(List.of("302 0"), rows("select count(*), count(case when name = 'x' then 1 end) from t"));
  }

  @Test
  void aStatementThatTakesTooLongIsStopped() throws Exception {
    fill(300);
    try (Connection hasty = database.connect(";statementTimeoutMillis=100"); Statement statement = hasty.createStatement()) {
      for (String sql : LONG.subList(0, 2)) {
        SQLException e = assertFails("57014", SQLTimeoutException.class, () -> statement.execute(sql));
        assertTrue(e.getMessage().contains("100 ms"), e.getMessage());
      }
    }
    assertEquals(List.of("300"), rows("select count(*) from t"));
  }

  @Test
  void theTimeoutOfAStatementIsItsOwn() throws Exception {
    run("create table t (id integer primary key)");
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement(); PreparedStatement prepared = connection.prepareStatement(ENDLESS)) {
      statement.setQueryTimeout(1);
      prepared.setQueryTimeout(1);
      assertEquals(1, statement.getQueryTimeout());
      run("insert into t values (1)");
      assertFails("57014", SQLTimeoutException.class, () -> statement.executeQuery(ENDLESS));
      assertFails("57014", SQLTimeoutException.class, prepared::executeQuery);
      assertFails("22023", SQLException.class, () -> statement.setQueryTimeout(-1));
      statement.addBatch("insert into t select 3 from t where (" + ENDLESS + ") = 1");
      assertFails("57014", SQLException.class, statement::executeBatch);
      connection.commit();
      assertEquals(List.of("1"), rows("select id from t order by id"));
    }
  }

  @Test
  void theReadingOfRowsIsStoppedToo() throws Exception {
    String twoThenNone =
        "with recursive n (i) as (values (1), (2) union all select 3 from n where i in (1, 3)) select i from n where i < 3";
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(1);
      ResultSet rows = statement.executeQuery(twoThenNone);
      assertTrue(rows.next());
      CompletableFuture<Void> work = start(() -> {
        while (rows.next()) {
          assertTrue(rows.getInt(1) < 3);
        }
      });
      cancelUntilDone(statement, work);
      assertCancelled(work);
    }
    assertEquals(List.of("1"), rows("values (1)"));
  }

  @Test
  void aStatementThatWaitsForALockCanBeCancelled() throws Exception {
    run("create table t (id integer primary key, n integer)", "insert into t values (1, 1), (2, 2)");
    connection.setAutoCommit(false);
    run("update t set n = 10 where id = 1");
    try (Connection waiting = database.connect(PATIENT); Statement statement = waiting.createStatement()) {
      for (String sql : List.of("update t set n = 20 where id = 1", "select * from t where n > 0 for update", "drop table t",
          "create index i on t (n)", "insert into t values (1, 3)")) {
        CompletableFuture<Void> work = start(() -> statement.execute(sql));
        cancelUntilDone(statement, work);
        assertCancelled(work);
      }
      waiting.setAutoCommit(false);
      run(waiting, "update t set n = 22 where id = 2");
      CompletableFuture<Void> work = start(() -> statement.execute("update t set n = 33"));
      cancelUntilDone(statement, work);
      assertCancelled(work);
      connection.commit();
      run(waiting, "update t set n = n + 1 where id = 1");
      waiting.commit();
    }
    assertEquals(List.of("1 11", "2 22"), rows("select id, n from t order by id"));
    connection.rollback();
  }

  @Test
  void aStatementWaitsForALockOnlyAsLongAsItMay() throws Exception {
    run("create table t (id integer primary key)", "insert into t values (1)");
    connection.setAutoCommit(false);
    run("delete from t");
    try (Connection waiting = database.connect(PATIENT + ";statementTimeoutMillis=100")) {
      assertFails("57014", SQLTimeoutException.class, () -> run(waiting, "delete from t"));
      connection.rollback();
      run("delete from t");
    }
  }

  @Test
  void whoClosesAConnectionStopsItsWork() throws Exception {
    fill(300);
    for (boolean abort : new boolean[] {false, true}) {
      Connection other = database.connect();
      other.setAutoCommit(false);
      run(other, "update t set name = 'lost' where id = 1");
      Statement statement = other.createStatement();
      CompletableFuture<Void> begun = new CompletableFuture<>();
      CompletableFuture<Void> work = start(() -> {
        begun.complete(null);
        statement.execute(LONG.getLast());
      });
      begun.join();
      if (abort) {
        other.abort(Runnable::run);
      } else {
        other.close();
      }
      assertTrue(List.of("57014", "08003", "08006", "08007").contains(failure(work).getSQLState()));
      run("update t set name = 'mine' where id = 1");
    }
    assertEquals(List.of("mine"), rows("select name from t where id = 1"));
  }

  @Test
  void aStatementThatDoesNothingIsNotHarmedByACancellation() throws Exception {
    fill(3);
    Statement statement = connection.createStatement();
    try (Statement other = connection.createStatement()) {
      statement.cancel();
      assertTrue(statement.execute("select * from t"));
      other.cancel();
      statement.cancel();
      assertEquals(List.of("0 name 0", "1 name 1", "2 name 2"), rows(statement.getResultSet()));
      statement.close();
      assertFails("HY010", SQLException.class, statement::cancel);
    }
  }
}
