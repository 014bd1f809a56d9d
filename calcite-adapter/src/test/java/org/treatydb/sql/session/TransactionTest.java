package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlCursor;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlState;

@Timeout(60)
class TransactionTest {

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
    Sql.update(session, "CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)");
    Sql.update(session, "INSERT INTO account VALUES (1, 100), (2, 200)");
  }

  @AfterEach
  void close() {
    database.close();
    store.close();
  }

  @Test
  void withoutAutocommitTheFirstStatementBeginsATransaction() throws SQLException {
    session.setAutoCommit(false);
    assertFalse(session.inTransaction());
    Sql.update(session, "UPDATE account SET balance = 0");
    assertTrue(session.inTransaction());
    session.rollback();
    assertFalse(session.inTransaction());
    assertEquals(List.of(List.of(100), List.of(200)), Sql.query(session, "SELECT balance FROM account ORDER BY id"));
  }

  @Test
  void switchingAutocommitOnCommits() throws SQLException {
    session.setAutoCommit(false);
    Sql.update(session, "UPDATE account SET balance = 7 WHERE id = 1");
    session.setAutoCommit(true);
    assertEquals(List.of(List.of(7)), Sql.query(other, "SELECT balance FROM account WHERE id = 1"));
  }

  @Test
  void oneOfTwoDeadlockedTransactionsGets40001AndItsWorkIsNeverCommitted() throws Exception {
    session.setAutoCommit(false);
    other.setAutoCommit(false);
    Sql.update(session, "UPDATE account SET balance = balance + 1 WHERE id = 1");
    Sql.update(other, "UPDATE account SET balance = balance + 10 WHERE id = 2");
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<SQLException> first = executor.submit(() -> failureOf(session, "UPDATE account SET balance = balance + 1 WHERE id = 2"));
      Future<SQLException> second = executor.submit(() -> failureOf(other, "UPDATE account SET balance = balance + 10 WHERE id = 1"));
      SQLException failure = first.get() == null ? second.get() : first.get();
      SqlSession loser = first.get() == null ? other : session;
      SqlSession winner = loser == session ? other : session;
      assertTrue(failure instanceof SQLTransactionRollbackException, String.valueOf(failure));
      assertEquals(SqlState.SERIALIZATION_FAILURE.code(), failure.getSQLState());
      Sql.fails(SqlState.TRANSACTION_FAILED, loser, "UPDATE account SET balance = 0");
      assertTrue(loser.inTransaction());
      SQLException refused = assertThrows(SQLException.class, loser::commit);
      assertEquals(SqlState.SERIALIZATION_FAILURE.code(), refused.getSQLState());
      winner.commit();
      int added = winner == session ? 1 : 10;
      assertEquals(List.of(List.of(100 + added), List.of(200 + added)), Sql.query(loser, "SELECT balance FROM account ORDER BY id"));
    }
  }

  private static SQLException failureOf(SqlSession session, String sql) {
    try {
      Sql.update(session, sql);
      return null;
    } catch (SQLException e) {
      return e;
    }
  }

  @Test
  void concurrentAutocommitIncrementsAllCount() throws Exception {
    int threads = 4;
    int increments = 50;
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(executor.submit(() -> {
          try (SqlSession mine = database.openSession()) {
            start.await();
            for (int j = 0; j < increments; j++) {
              Sql.update(mine, "UPDATE account SET balance = balance + 1 WHERE id = 1");
            }
          }
          return null;
        }));
      }
      start.countDown();
      for (Future<?> future : running) {
        future.get();
      }
    }
    assertEquals(List.of(List.of(100 + threads * increments)), Sql.query(session, "SELECT balance FROM account WHERE id = 1"));
  }

  @Test
  void scansLockTheirRangeSoNoPhantomAppears() throws Exception {
    session.setAutoCommit(false);
    assertEquals(List.of(List.of(2L)), Sql.query(session, "SELECT COUNT(*) FROM account"));
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> insert = executor.submit(() -> Sql.update(other, "INSERT INTO account VALUES (3, 300)"));
      assertEquals(List.of(List.of(2L)), Sql.query(session, "SELECT COUNT(*) FROM account"));
      session.commit();
      assertEquals(1L, insert.get());
    }
    assertEquals(List.of(List.of(3L)), Sql.query(session, "SELECT COUNT(*) FROM account"));
  }

  @Test
  void aQueryInAutocommitKeepsItsSnapshotWhileOthersWrite() throws SQLException {
    SqlResult.Rows rows = (SqlResult.Rows) session.prepare("SELECT balance FROM account ORDER BY id").execute(List.of());
    try (SqlCursor cursor = rows.cursor()) {
      assertTrue(cursor.next());
      Sql.update(other, "UPDATE account SET balance = 0");
      assertTrue(cursor.next());
      assertEquals(200, cursor.row()[0]);
      assertFalse(cursor.next());
      assertFalse(cursor.next());
    }
  }

  @Test
  void theEndOfATransactionClosesItsCursors() throws SQLException {
    session.setAutoCommit(false);
    SqlCursor cursor = ((SqlResult.Rows) session.prepare("SELECT * FROM account").execute(List.of())).cursor();
    assertTrue(cursor.next());
    session.commit();
    SQLException failure = assertThrows(SQLException.class, cursor::next);
    assertEquals(SqlState.INVALID_CURSOR_STATE.code(), failure.getSQLState());
  }

  @Test
  void aRollbackToASavepointClosesTheCursorsOpenedSince() throws SQLException {
    session.setAutoCommit(false);
    SqlCursor before = ((SqlResult.Rows) session.prepare("SELECT balance FROM account ORDER BY id").execute(List.of())).cursor();
    session.setSavepoint("s");
    Sql.update(session, "UPDATE account SET balance = -1");
    SqlCursor since = ((SqlResult.Rows) session.prepare("SELECT balance FROM account").execute(List.of())).cursor();
    assertTrue(since.next());
    session.rollbackToSavepoint("s");
    SQLException failure = assertThrows(SQLException.class, since::next);
    assertEquals(SqlState.INVALID_CURSOR_STATE.code(), failure.getSQLState());
    assertTrue(before.next());
    assertEquals(100, before.row()[0]);
    assertTrue(session.inTransaction());
    session.rollback();
  }

  @Test
  void theCommitOfALostTransactionTellsWhyItWasLost() throws SQLException {
    try (SqlSession brief = database.openSession(TransactionOptions.READ_WRITE.withTimeout(Duration.ofMillis(200)))) {
      brief.setAutoCommit(false);
      brief.setSavepoint("begun");
      SQLException refused = assertThrows(SQLException.class, () -> {
        while (true) {
          Sql.update(brief, "UPDATE account SET balance = 0");
        }
      });
      assertEquals(ErrorCode.TRANSACTION_TIMEOUT.sqlState(), refused.getSQLState());
      SQLException told = assertThrows(SQLException.class, brief::commit);
      assertEquals(ErrorCode.TRANSACTION_TIMEOUT.sqlState(), told.getSQLState());
      assertTrue(told.getMessage().contains("Nothing was committed"), told.getMessage());
      assertFalse(brief.inTransaction());
    }
  }

  @Test
  void readOnlySessionsRefuseToWrite() throws SQLException {
    session.setReadOnly(true);
    Sql.fails(SqlState.READ_ONLY_TRANSACTION, session, "DELETE FROM account");
    session.setAutoCommit(false);
    assertEquals(2, Sql.query(session, "SELECT * FROM account").size());
    Sql.fails(SqlState.READ_ONLY_TRANSACTION, session, "DELETE FROM account");
    assertEquals(SqlState.TRANSACTION_ACTIVE.code(), assertThrows(SQLException.class, () -> session.setReadOnly(false)).getSQLState());
    session.commit();
    session.setReadOnly(false);
    assertEquals(2, Sql.update(session, "DELETE FROM account"));
  }

  @Test
  void aDropWaitsForThoseWhoUseTheTable() throws Exception {
    session.setAutoCommit(false);
    Sql.update(session, "UPDATE account SET balance = 1 WHERE id = 1");
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> drop = executor.submit(() -> Sql.update(other, "DROP TABLE account"));
      assertEquals(1, Sql.update(session, "UPDATE account SET balance = 2 WHERE id = 1"));
      session.commit();
      assertEquals(0L, drop.get());
    }
    Sql.fails(SqlState.UNDEFINED_TABLE, session, "SELECT * FROM account");
  }

  @Test
  void closedSessionsSaySo() throws SQLException {
    session.close();
    Sql.fails(SqlState.CONNECTION_CLOSED, session, "SELECT 1");
    assertTrue(session.isClosed());
    session.close();
  }
}
