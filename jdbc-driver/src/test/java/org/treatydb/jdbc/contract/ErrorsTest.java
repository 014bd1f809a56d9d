package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ErrorsTest extends ContractTest {

  @Test
  void everyMistakeHasItsStateAndTheConnectionGoesOn() throws SQLException {
    run("create table t (id integer primary key, n smallint not null)", "insert into t values (1, 1)");
    assertFails("42601", SQLSyntaxErrorException.class, () -> run("selec 1"));
    assertFails("42P01", SQLSyntaxErrorException.class, () -> run("select * from nowhere"));
    assertFails("42703", SQLSyntaxErrorException.class, () -> run("select nothing from t"));
    assertFails("42P07", SQLSyntaxErrorException.class, () -> run("create table t (id integer primary key)"));
    assertFails("23505", SQLIntegrityConstraintViolationException.class, () -> run("insert into t values (1, 2)"));
    assertFails("23502", SQLIntegrityConstraintViolationException.class, () -> run("insert into t values (2, null)"));
    assertFails("22003", SQLDataException.class, () -> run("insert into t values (2, 99999)"));
    assertFails("22012", SQLDataException.class, () -> rows("select n / 0 from t"));
    try (PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?)")) {
      insert.setString(1, "two");
      insert.setInt(2, 2);
      assertFails("22018", SQLDataException.class, insert::executeUpdate);
      insert.setInt(1, 1);
      assertFails("23505", SQLIntegrityConstraintViolationException.class, insert::executeUpdate);
    }
    assertEquals(List.of("1 1"), rows("select * from t"));
  }

  @Test
  void whatIsRunTheWrongWayIsNotRun() throws SQLException {
    run("create table t (id integer primary key)", "insert into t values (1)");
    try (Statement statement = connection.createStatement(); Connection other = database.connect()) {
      other.setAutoCommit(false);
      assertFails("07005", SQLException.class, () -> statement.executeQuery("insert into t values (2)"));
      assertFails("07005", SQLException.class, () -> statement.executeQuery("drop table t"));
      try (PreparedStatement insert = connection.prepareStatement("insert into t values (3)")) {
        assertFails("07005", SQLException.class, insert::executeQuery);
      }
      try (Statement locking = other.createStatement()) {
        assertFails("HY010", SQLException.class, () -> locking.executeUpdate("select * from t for update"));
        locking.addBatch("select * from t for update");
        assertThrows(BatchUpdateException.class, locking::executeBatch);
      }
      assertEquals(1, statement.executeUpdate("delete from t"));
      assertEquals(List.of(), rows("select * from t"));
    }
  }

  @Test
  void anEmptyStatementIsASyntaxError() throws SQLException {
    for (String sql : List.of("", " ", ";", "-- nothing")) {
      assertFails("42601", SQLSyntaxErrorException.class, () -> run(sql));
      assertFails("42601", SQLSyntaxErrorException.class, () -> connection.prepareStatement(sql));
    }
  }

  /** The classes are those of the state, whichever way the exception comes; {@code assertSame} because a subclass is another class. */
  @Test
  void theClassOfAnExceptionIsTheSameOverEveryUrl() throws SQLException {
    run("create table t (id integer primary key)", "insert into t values (1), (2)");
    assertClass("21000", SQLDataException.class, () -> rows("select (select id from t) from t"));
    assertClass("3B001", SQLNonTransientException.class, () -> {
      connection.setAutoCommit(false);
      run("rollback to savepoint nowhere");
    });
    connection.rollback();
    connection.setReadOnly(true);
    assertClass("25006", SQLNonTransientException.class, () -> run("insert into t values (3)"));
    connection.rollback();
    connection.setReadOnly(false);
    connection.setAutoCommit(true);
    assertClass("25P01", SQLNonTransientException.class, () -> run("savepoint s"));
    assertClass("42703", SQLSyntaxErrorException.class, () -> run("select nothing from t"));
  }

  private static void assertClass(String state, Class<? extends SQLException> type, Executable work) {
    assertSame(type, assertFails(state, SQLException.class, work).getClass());
  }

  @Test
  void aConnectionIsValidWhileItsServerAnswers() throws SQLException {
    assertTrue(connection.isValid(5));
    assertFails("22023", SQLException.class, () -> connection.isValid(-1));
    if (mode == Mode.REMOTE) {
      database.stop();
      assertFalse(connection.isValid(5));
      assertTrue(connection.isClosed());
    }
  }

  @Test
  void anAbortedConnectionIsClosedAndRolledBack() throws Exception {
    run("create table t (id integer primary key)");
    Connection other = database.connect();
    other.setAutoCommit(false);
    run(other, "insert into t values (1)");
    try (var executor = Executors.newSingleThreadExecutor()) {
      other.abort(executor);
    }
    assertTrue(other.isClosed());
    assertFails("08003", SQLException.class, other::commit);
    run("insert into t values (1)");
    assertEquals(List.of("1"), rows("select * from t"));
  }

  @Test
  void wrappersUnwrapToThemselves() throws SQLException {
    assertTrue(connection.isWrapperFor(Connection.class));
    assertEquals(connection, connection.unwrap(Connection.class));
    assertFails("22023", SQLException.class, () -> connection.unwrap(Thread.class));
  }
}
