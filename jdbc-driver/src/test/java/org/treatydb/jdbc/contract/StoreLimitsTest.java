package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.jdbc.contract.ContractTest.assertFails;
import static org.treatydb.jdbc.contract.ContractTest.rows;
import static org.treatydb.jdbc.contract.ContractTest.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.jdbc.embedded.Database;
import org.treatydb.jdbc.server.TreatyServer;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;

/** What clients are told when a transaction runs into what the store allows, or into its end. */
@Timeout(120)
class StoreLimitsTest {

  private static final int ROW_CHARACTERS = 100_000;
  /** So that a memtable is full soon. */
  private static final long MEMORY_BYTES = 16 << 20;

  @TempDir
  Path directory;

  private final List<Connection> connections = new ArrayList<>();
  private Database database;
  private TreatyServer server;

  private void serve(TransactionLimits limits) throws IOException, SQLException {
    start(limits);
    run(connect(""), "create table t (id integer primary key, name varchar(2000000))", "insert into t values (1, 'one')");
  }

  private void start(TransactionLimits limits) throws IOException, SQLException {
    database = Database.open(directory.resolve("data"), EmbeddedStoreOptions.defaults().withMemoryBytes(MEMORY_BYTES)
        .withKeyFile(Mode.keyFile(directory)).withCounterDirectory(directory.resolve("counters")).withTransactionLimits(limits));
    server = new TreatyServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.start(database.sessions());
  }

  private Connection connect(String options) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:treaty://127.0.0.1:" + server.port() + "/" + options);
    connections.add(connection);
    return connection;
  }

  private Connection transaction(String options) throws SQLException {
    Connection connection = connect(options);
    connection.setAutoCommit(false);
    return connection;
  }

  @AfterEach
  void close() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
    server.close();
    database.close();
  }

  private static void insert(Connection on, int id, int characters) throws SQLException {
    try (PreparedStatement insert = on.prepareStatement("insert into t values (?, ?)")) {
      insert.setInt(1, id);
      insert.setString(2, "x".repeat(characters));
      insert.execute();
    }
  }

  private static void writeAnew(Connection on) throws SQLException {
    try (PreparedStatement update = on.prepareStatement("update t set name = ? where id = 1")) {
      update.setString(1, "x".repeat(ROW_CHARACTERS));
      update.execute();
    }
  }

  @Test
  void aSnapshotTooOldEndsItsTransactionAndTheNextOneGoesOn() throws SQLException, IOException {
    serve(TransactionLimits.DEFAULT.withSnapshotAgeMax(Duration.ofMillis(1)));
    Connection writer = connect("");
    Connection reader = transaction("");
    reader.setReadOnly(true);
    Connection optimistic = transaction(";concurrency=optimistic");
    for (Connection each : List.of(reader, optimistic)) {
      assertEquals(List.of("1"), rows(each, "select count(*) from t"));
    }
    assertFails("72000", SQLNonTransientException.class, () -> {
      while (true) {
        writeAnew(writer);
        rows(reader, "select id from t where id = 1");
      }
    });
    assertFails("40001", SQLTransactionRollbackException.class, () -> rows(optimistic, "select id from t where id = 1"));
    for (Connection each : List.of(reader, optimistic)) {
      assertFails("25P02", SQLNonTransientException.class, () -> rows(each, "select id from t where id = 1"));
      each.rollback();
      assertEquals(List.of("1"), rows(each, "select id from t where id = 1"));
      each.commit();
    }
  }

  @Test
  void aStatementThatWouldLeaveTooMuchUncommittedIsRefusedAndItsTransactionGoesOn() throws SQLException, IOException {
    serve(TransactionLimits.DEFAULT.withUncommittedBytesMax(100_000));
    Connection one = transaction("");
    Connection two = transaction(";concurrency=optimistic");
    insert(one, 2, 60_000);
    assertFails("53200", SQLNonTransientException.class, () -> insert(one, 3, 60_000));
    assertFails("53200", SQLNonTransientException.class, () -> insert(two, 4, 60_000));
    insert(two, 4, 1_000);
    one.commit();
    insert(two, 5, 60_000);
    two.commit();
    assertEquals(List.of("1", "2", "4", "5"), rows(one, "select id from t order by id"));
  }

  @Test
  void aDatabaseThatShutsDownTellsWhoHasATransactionOpen() throws SQLException, IOException {
    serve(TransactionLimits.DEFAULT);
    Connection open = transaction("");
    insert(open, 2, 10);
    Connection idle = connect("");
    database.close();
    assertFails("57P01", SQLNonTransientException.class, open::commit);
    assertFails("57P01", SQLNonTransientException.class, () -> rows(idle, "select id from t"));
    assertTrue(open.isClosed() && idle.isClosed());
    server.close();
    start(TransactionLimits.DEFAULT);
    assertEquals(List.of("1"), rows(connect(""), "select id from t"));
  }
}
