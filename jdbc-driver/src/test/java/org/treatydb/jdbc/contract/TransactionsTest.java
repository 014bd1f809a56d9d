package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionsTest extends ContractTest {

  @BeforeEach
  void createTable() throws SQLException {
    run("create table account (id integer primary key, balance integer not null)", "insert into account values (1, 100), (2, 100)");
  }

  private List<String> seenByOthers() throws SQLException {
    try (Connection other = database.connect()) {
      return rows(other, "select balance from account order by id");
    }
  }

  @Test
  void autocommitOffTakesEffectForAStatementPreparedBefore() throws SQLException {
    try (PreparedStatement update = connection.prepareStatement("update account set balance = balance - 1 where id = 1")) {
      connection.setAutoCommit(false);
      assertEquals(1, update.executeUpdate());
      connection.rollback();
      assertEquals(List.of("100", "100"), seenByOthers());
      assertEquals(1, update.executeUpdate());
      connection.commit();
    }
    assertEquals(List.of("99", "100"), seenByOthers());
  }

  @Test
  void nothingIsVisibleToOthersBeforeTheCommit() throws SQLException {
    connection.setAutoCommit(false);
    run("update account set balance = 0 where id = 1");
    assertEquals(List.of("0"), rows("select balance from account where id = 1"));
    assertEquals(List.of("100", "100"), seenByOthers());
    connection.commit();
    assertEquals(List.of("0", "100"), seenByOthers());
  }

  @Test
  void switchingAutocommitOnCommits() throws SQLException {
    connection.setAutoCommit(false);
    run("update account set balance = 1 where id = 2");
    connection.setAutoCommit(true);
    assertTrue(connection.getAutoCommit());
    assertEquals(List.of("100", "1"), seenByOthers());
  }

  @Test
  void closingTheConnectionRollsBack() throws SQLException {
    try (Connection other = database.connect()) {
      other.setAutoCommit(false);
      run(other, "delete from account");
    }
    assertEquals(List.of("100", "100"), seenByOthers());
  }

  @Test
  void commitAndRollbackAreRefusedInAutocommitMode() {
    assertFails("25P01", SQLException.class, connection::commit);
    assertFails("25P01", SQLException.class, connection::rollback);
    assertFails("25P01", SQLException.class, connection::setSavepoint);
  }

  @Test
  void savepointsUndoWhatCameAfterThem() throws SQLException {
    connection.setAutoCommit(false);
    run("update account set balance = 1 where id = 1");
    Savepoint unnamed = connection.setSavepoint();
    run("update account set balance = 2 where id = 1");
    Savepoint named = connection.setSavepoint("the \"second\"");
    run("update account set balance = 3 where id = 1");
    connection.rollback(named);
    assertEquals(List.of("2"), rows("select balance from account where id = 1"));
    connection.rollback(unnamed);
    assertEquals(List.of("1"), rows("select balance from account where id = 1"));
    assertFails("3B001", SQLException.class, () -> connection.rollback(named));
    connection.releaseSavepoint(unnamed);
    assertFails("3B001", SQLException.class, () -> connection.rollback(unnamed));
    connection.commit();
    assertEquals(List.of("1", "100"), seenByOthers());
    assertEquals("the \"second\"", named.getSavepointName());
    assertTrue(unnamed.getSavepointId() > 0);
  }

  @Test
  void aFailedStatementLeavesTheTransactionAsItWas() throws SQLException {
    connection.setAutoCommit(false);
    run("update account set balance = 7 where id = 1");
    assertFails("23505", SQLIntegrityConstraintViolationException.class, () -> run("insert into account values (3, 0), (2, 0)"));
    connection.commit();
    assertEquals(List.of("7", "100"), seenByOthers());
  }

  @Test
  void aReadOnlyConnectionRefusesWrites() throws SQLException {
    connection.setReadOnly(true);
    assertTrue(connection.isReadOnly());
    assertFails("25006", SQLException.class, () -> run("delete from account"));
    assertEquals(List.of("2"), rows("select count(*) from account"));
    connection.setReadOnly(false);
    run("delete from account where id = 2");
    assertEquals(List.of("1"), rows("select count(*) from account"));
  }

  @Test
  void everyIsolationLevelIsAcceptedAndSerializableGiven() throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    assertEquals(Connection.TRANSACTION_SERIALIZABLE, connection.getTransactionIsolation());
    assertThrows(SQLException.class, () -> connection.setTransactionIsolation(Connection.TRANSACTION_NONE));
  }

  @Test
  void aBatchGivesACountForEachMember() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.addBatch("insert into account values (3, 5)");
      statement.addBatch("update account set balance = balance + 1");
      statement.addBatch("delete from account where id > 100");
      assertArrayEquals(new int[] {1, 3, 0}, statement.executeBatch());
      assertArrayEquals(new int[0], statement.executeBatch());
    }
    try (PreparedStatement update = connection.prepareStatement("update account set balance = ? where id >= ?")) {
      for (int id = 1; id <= 4; id++) {
        update.setInt(1, id);
        update.setInt(2, id);
        update.addBatch();
      }
      assertArrayEquals(new long[] {3, 2, 1, 0}, update.executeLargeBatch());
    }
  }

  @Test
  void aBatchThatFailsInAutocommitModeLeavesNothing() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("insert into account values (?, 0)")) {
      for (int id : new int[] {3, 4, 1, 5}) {
        insert.setInt(1, id);
        insert.addBatch();
      }
      BatchUpdateException e = assertFails("23505", BatchUpdateException.class, insert::executeBatch);
      int failed = Statement.EXECUTE_FAILED;
      assertArrayEquals(new int[] {failed, failed, failed, failed}, e.getUpdateCounts());
      assertTrue(e.getNextException() instanceof SQLIntegrityConstraintViolationException);
    }
    assertEquals(List.of("2"), rows("select count(*) from account"));
    assertTrue(connection.getAutoCommit());
    run("insert into account values (9, 9)");
    assertEquals(List.of("100", "100", "9"), seenByOthers());
  }

  @Test
  void aBatchThatFailsInATransactionSaysWhatWasDoneBefore() throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement insert = connection.prepareStatement("insert into account values (?, 0)")) {
      for (int id : new int[] {3, 4, 1, 5}) {
        insert.setInt(1, id);
        insert.addBatch();
      }
      BatchUpdateException e = assertFails("23505", BatchUpdateException.class, insert::executeBatch);
      assertArrayEquals(new int[] {1, 1}, e.getUpdateCounts());
    }
    connection.commit();
    assertEquals(List.of("100", "100", "0", "0"), seenByOthers());
  }

  @Test
  void aBatchRefusesQueries() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.addBatch("select 1 from account");
      assertFails("HY010", BatchUpdateException.class, statement::executeBatch);
    }
  }

  @Test
  void connectionsWorkInParallelAndConflictsAreRetryable() throws Exception {
    int threads = 4;
    int transfers = 25;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new java.util.ArrayList<>();
      for (int t = 0; t < threads; t++) {
        running.add(executor.submit(() -> {
          try (Connection own = database.connect()) {
            own.setAutoCommit(false);
            for (int i = 0; i < transfers; i++) {
              transfer(own);
            }
          }
          return null;
        }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    assertEquals(List.of(String.valueOf(100 - threads * transfers), String.valueOf(100 + threads * transfers)), seenByOthers());
  }

  private static void transfer(Connection own) throws SQLException {
    while (true) {
      try (PreparedStatement update = own.prepareStatement("update account set balance = balance + ? where id = ?")) {
        update.setInt(1, -1);
        update.setInt(2, 1);
        update.executeUpdate();
        update.setInt(1, 1);
        update.setInt(2, 2);
        update.executeUpdate();
        own.commit();
        return;
      } catch (SQLException e) {
        assertEquals("40001", e.getSQLState(), e.getMessage());
        assertTrue(e instanceof java.sql.SQLTransactionRollbackException);
        own.rollback();
      }
    }
  }

  @Test
  void transactionControlInSqlWorks() throws SQLException {
    run("start transaction", "update account set balance = 0", "rollback");
    assertEquals(List.of("100", "100"), seenByOthers());
    run("start transaction", "update account set balance = 0", "commit");
    assertEquals(List.of("0", "0"), seenByOthers());
    assertFalse(connection.isReadOnly());
  }
}
