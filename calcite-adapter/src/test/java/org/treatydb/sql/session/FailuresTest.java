package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTransactionRollbackException;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.error.ErrorTranslator;

/** Failures reach callers as the SQLException subclass that JDBC promises. */
class FailuresTest {

  @Test
  void eachClassOfStateHasItsSubclass() throws SQLException {
    try (KvStore store = EmbeddedStore.openInMemory(); SqlDatabase database = TreatyDatabase.over(store);
        SqlSession session = database.openSession()) {
      Sql.update(session, "CREATE TABLE t (id INTEGER PRIMARY KEY)");
      Sql.update(session, "INSERT INTO t VALUES (1)");
      assertInstanceOf(SQLSyntaxErrorException.class, Sql.fails(SqlState.SYNTAX_ERROR, session, "SELEC"));
      assertInstanceOf(SQLSyntaxErrorException.class, Sql.fails(SqlState.UNDEFINED_TABLE, session, "SELECT * FROM u"));
      assertInstanceOf(SQLIntegrityConstraintViolationException.class,
          Sql.fails(SqlState.UNIQUE_VIOLATION, session, "INSERT INTO t VALUES (1)"));
      assertInstanceOf(SQLDataException.class, Sql.fails(SqlState.DIVISION_BY_ZERO, session, "SELECT 1 / (id - 1) FROM t"));
      assertInstanceOf(SQLFeatureNotSupportedException.class,
          Sql.fails(SqlState.FEATURE_NOT_SUPPORTED, session, "UPSERT INTO t VALUES (1)"));
    }
  }

  @Test
  void aClosedStoreSaysSo() throws SQLException {
    KvStore store = EmbeddedStore.openInMemory();
    try (SqlDatabase database = TreatyDatabase.over(store); SqlSession session = database.openSession()) {
      store.close();
      assertInstanceOf(SQLNonTransientConnectionException.class, Sql.fails(SqlState.CONNECTION_CLOSED, session, "VALUES (1)"));
      assertThrows(SQLException.class, () -> session.prepare("VALUES (1)"));
    }
  }

  @Test
  void whatTheStoreSaysIsFoundHoweverDeepItIsWrapped() {
    RuntimeException wrapped = new IllegalStateException("plan", new RuntimeException(
        new KvException.IntegrityViolation(ErrorCode.ROLLBACK_DETECTED, "older than it was", null)));
    assertEquals(SqlState.INTEGRITY_VIOLATION.code(), ErrorTranslator.translate(wrapped).getSQLState());
    assertInstanceOf(SQLTransactionRollbackException.class,
        ErrorTranslator.translate(new RuntimeException(new KvException.Retryable(ErrorCode.DEADLOCK, "deadlock"))));
    assertEquals(SqlState.OUTCOME_UNKNOWN.code(),
        ErrorTranslator.translate(new KvException.UnknownOutcome("lost", null)).getSQLState());
    assertEquals(SqlState.STATEMENT_TOO_COMPLEX.code(), ErrorTranslator.translate(new StackOverflowError()).getSQLState());
    assertEquals(SqlState.INTERNAL_ERROR.code(), ErrorTranslator.translate(new AssertionError("surprise")).getSQLState());
  }
}
