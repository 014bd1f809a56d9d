package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

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
