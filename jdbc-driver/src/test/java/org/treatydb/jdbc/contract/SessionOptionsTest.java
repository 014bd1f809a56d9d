package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTransactionRollbackException;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The options of a connection that say how its transactions run. */
@Timeout(60)
class SessionOptionsTest extends ContractTest {

  private static final String OPTIMISTIC = ";concurrency=optimistic";
  private static final String IMPATIENT = ";lockTimeoutMillis=1";

  @BeforeEach
  void createTable() throws SQLException {
    run("create table t (id integer primary key, val integer)", "insert into t values (1, 10), (2, 20)");
  }

  private Connection transaction(String options) throws SQLException {
    Connection opened = database.connect(options);
    opened.setAutoCommit(false);
    return opened;
  }

  @Test
  void anOptimisticTransactionIsRefusedAtItsCommitIfWhatItReadHasChanged() throws SQLException {
    try (Connection one = transaction(OPTIMISTIC); Connection two = transaction(OPTIMISTIC)) {
      assertEquals(List.of("10"), rows(one, "select val from t where id = 1"));
      run(one, "update t set val = 11 where id = 1");
      run(two, "update t set val = 12 where id = 1");
      two.commit();
      assertFails("40001", SQLTransactionRollbackException.class, one::commit);
      assertEquals(List.of("12"), rows(one, "select val from t where id = 1"));
      run(one, "update t set val = val + 1 where id = 1");
      one.commit();
    }
    assertEquals(List.of("13"), rows("select val from t where id = 1"));
  }

  @Test
  void optimisticAndPessimisticTransactionsRespectEachOther() throws SQLException {
    try (Connection optimistic = transaction(OPTIMISTIC); Connection pessimistic = transaction(";concurrency=pessimistic")) {
      assertEquals(List.of("20"), rows(optimistic, "select val from t where id = 2"));
      run(pessimistic, "update t set val = 21 where id = 2");
      run(optimistic, "update t set val = 11 where id = 1");
      pessimistic.commit();
      assertFails("40001", SQLTransactionRollbackException.class, optimistic::commit);
    }
    assertEquals(List.of("1 10", "2 21"), rows("select id, val from t order by id"));
  }

  @Test
  void aStatementWaitsForALockAsLongAsTheOptionSays() throws SQLException {
    try (Connection holder = transaction(""); Connection impatient = transaction(IMPATIENT);
        Connection autocommit = database.connect(IMPATIENT)) {
      run(holder, "update t set val = 11 where id = 1");
      assertFails("40001", SQLTransactionRollbackException.class, () -> run(impatient, "update t set val = 12 where id = 1"));
      impatient.rollback();
      assertFails("40001", SQLTransactionRollbackException.class, () -> run(autocommit, "update t set val = 13 where id = 1"));
      assertEquals(List.of("10"), rows(autocommit, "select val from t where id = 1"));
      holder.rollback();
    }
  }

  @Test
  void aTransactionThatLastsTooLongOrLiesIdleIsEnded() throws SQLException {
    for (String option : List.of(";transactionTimeoutMillis=3000 25P04", ";idleTransactionTimeoutMillis=3000 25P03")) {
      try (Connection slow = transaction(option.split(" ")[0]); Connection other = database.connect()) {
        run(slow, "update t set val = val + 100 where id = 1");
        // Waits for the lock until the limit has ended the other, which nobody else ends.
        run(other, "update t set val = val + 1 where id = 1");
        assertFails(option.split(" ")[1], SQLNonTransientException.class, () -> run(slow, "update t set val = 0 where id = 1"));
        slow.rollback();
      }
    }
    assertEquals(List.of("12"), rows("select val from t where id = 1"));
  }

  @Test
  void transactionsAreSeenWhileTheyAreOpen() throws SQLException {
    try (Connection optimistic = transaction(OPTIMISTIC); Connection pessimistic = transaction("")) {
      run(optimistic, "update t set val = 11 where id = 1");
      run(pessimistic, "update t set val = 21 where id = 2");
      assertEquals(List.of("OPTIMISTIC false", "PESSIMISTIC false", "READ_ONLY true"),
          rows("select kind, read_only from sys.transactions order by kind"));
      assertEquals(List.of("2"), rows("select count(*) from sys.transactions where bytes_written > 0"));
      assertEquals(List.of("PESSIMISTIC"),
          rows("select t.kind from sys.transactions t join sys.locks l on l.transaction_id = t.transaction_id"));
    }
  }

  @Test
  void autocommitAndReadOnlyTransactionsWorkWithEachOption() throws SQLException {
    for (String options : List.of(OPTIMISTIC, IMPATIENT, OPTIMISTIC + IMPATIENT)) {
      try (Connection other = database.connect(options)) {
        run(other, "update t set val = val + 1 where id = 1");
        other.setReadOnly(true);
        other.setAutoCommit(false);
        List<String> seen = rows(other, "select val from t where id = 1");
        run("update t set val = val + 1 where id = 1");
        assertEquals(seen, rows(other, "select val from t where id = 1"));
        other.commit();
      }
    }
    assertEquals(List.of("16"), rows("select val from t where id = 1"));
  }

  @Test
  void sqlChoosesForOneTransactionOrForTheSession() throws SQLException {
    try (Connection one = database.connect(); Connection two = database.connect()) {
      run(one, "start transaction optimistic");
      run(one, "update t set val = 11 where id = 1");
      run(two, "update t set val = 12 where id = 1");
      assertFails("40001", SQLTransactionRollbackException.class, () -> run(one, "commit"));
      run(one, "set session characteristics as transaction isolation level serializable, optimistic");
      one.setAutoCommit(false);
      run(one, "update t set val = 13 where id = 1");
      run(two, "update t set val = 14 where id = 1");
      assertFails("40001", SQLTransactionRollbackException.class, one::commit);
      assertFails("0A000", SQLException.class, () -> run(one, "set session characteristics as transaction read only"));
      assertFails("42601", SQLException.class, () -> run(one, "start transaction optimistic pessimistic"));
    }
    assertEquals(List.of("14"), rows("select val from t where id = 1"));
  }

  @Test
  void valuesThatAreNoneAreRefused() throws SQLException {
    for (String options : List.of(";concurrency=Optimistic", ";concurrency=", ";lockTimeoutMillis=0", ";transactionTimeoutMillis=0",
        ";idleTransactionTimeoutMillis=x", ";lockTimeoutMillis=-1",
        ";lockTimeoutMillis=1s", ";lockTimeoutMillis=99999999999999999999", ";lockTimeout=1", OPTIMISTIC + ";concurrency=pessimistic")) {
      SQLException e = assertFails("08001", SQLNonTransientConnectionException.class, () -> database.connect(options));
      assertTrue(e.getMessage().contains(options.substring(1, 6)), e.getMessage());
    }
    Properties properties = new Properties();
    properties.setProperty("lockTimeoutMillis", "soon");
    assertFails("08001", SQLNonTransientConnectionException.class, () -> DriverManager.getConnection(database.url(), properties));
  }
}
