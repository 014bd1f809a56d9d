package org.treatydb.examples.libraries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** HikariCP: connections are kept, handed out as new, and replaced when they are gone. */
@ExtendWith(WithServer.class)
class HikariTest {

  private HikariDataSource pool;
  private String url;

  @BeforeEach
  void open(ServerUrl server) throws SQLException {
    url = server.text();
    pool = pool(url, 4);
    try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
      statement.execute("drop table if exists hikari_account");
      statement.execute("create table hikari_account (id integer primary key, amount decimal(12, 2) not null check (amount >= 0))");
      statement.execute("insert into hikari_account values (1, 100), (2, 100), (3, 100)");
    }
  }

  @AfterEach
  void close() {
    pool.close();
  }

  /** A pool as an application makes one; the driver is found by the URL. */
  private static HikariDataSource pool(String url, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(connections);
    config.addDataSourceProperty("lockTimeoutMillis", "5000");
    return new HikariDataSource(config);
  }

  private static long count(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
      assertTrue(result.next());
      return result.getLong(1);
    }
  }

  /** Moves money between accounts, and again if another transaction was in the way. */
  private static void transfer(Connection connection, int from, int to) throws SQLException {
    connection.setAutoCommit(false);
    while (true) {
      try (PreparedStatement add = connection.prepareStatement("update hikari_account set amount = amount + ? where id = ?")) {
        add.setBigDecimal(1, new java.math.BigDecimal("-1.00"));
        add.setInt(2, from);
        assertEquals(1, add.executeUpdate());
        add.setBigDecimal(1, new java.math.BigDecimal("1.00"));
        add.setInt(2, to);
        assertEquals(1, add.executeUpdate());
        connection.commit();
        return;
      } catch (SQLException e) {
        connection.rollback();
        if (!"40001".equals(e.getSQLState())) {
          throw e;
        }
      }
    }
  }

  @Test
  void manyThreadsShareFewConnectionsAndNothingIsLost() throws Exception {
    List<Future<?>> transfers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 40; i++) {
        int from = i % 3 + 1;
        int to = (i + 1) % 3 + 1;
        transfers.add(threads.submit(() -> {
          try (Connection connection = pool.getConnection()) {
            transfer(connection, from, to);
          }
          return null;
        }));
      }
      for (Future<?> transfer : transfers) {
        transfer.get();
      }
    }
    try (Connection connection = pool.getConnection()) {
      assertEquals(300, count(connection, "select sum(amount) from hikari_account"));
      assertEquals(1, count(connection, "select count(*) from hikari_account where id = 1 and amount = 99"));
    }
    assertTrue(pool.getHikariPoolMXBean().getTotalConnections() <= 4);
  }

  @Test
  void aConnectionComesBackAsItWasAndItsOpenTransactionIsRolledBack() throws SQLException {
    try (HikariDataSource one = pool(url, 1)) {
      try (Connection connection = one.getConnection(); Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        statement.executeUpdate("delete from hikari_account");
      }
      try (Connection connection = one.getConnection()) {
        connection.setReadOnly(true);
        assertTrue(connection.getAutoCommit());
        assertEquals(3, count(connection, "select count(*) from hikari_account"));
      }
      try (Connection connection = one.getConnection(); Statement statement = connection.createStatement()) {
        assertFalse(connection.isReadOnly());
        assertEquals(1, statement.executeUpdate("delete from hikari_account where id = 3"));
      }
    }
  }

  @Test
  void aConnectionThatIsLostIsReplaced() throws SQLException {
    try (HikariDataSource one = pool(url, 1)) {
      try (Connection connection = one.getConnection()) {
        connection.abort(Runnable::run);
        assertFalse(connection.isValid(1));
        SQLException e = assertThrows(SQLException.class, () -> count(connection, "select count(*) from hikari_account"));
        assertEquals("08003", e.getSQLState());
      }
      try (Connection connection = one.getConnection()) {
        assertTrue(connection.isValid(1));
        assertEquals(3, count(connection, "select count(*) from hikari_account"));
      }
    }
  }

  @Test
  void aPoolGoesOnWithTheNextServerOfItsUrlWhenOneDies(@TempDir Path directory) throws Exception {
    try (TreatyServer doomed = TreatyServer.start(directory);
        HikariDataSource both = pool(url.replace("//", "//" + doomed.address() + ","), 1)) {
      try (Connection connection = both.getConnection(); Statement statement = connection.createStatement()) {
        SQLException e = assertThrows(SQLException.class, () -> count(connection, "select count(*) from hikari_account"));
        assertEquals("42P01", e.getSQLState());
        doomed.kill();
        e = assertThrows(SQLException.class, () -> statement.execute("values 1"));
        assertEquals("08", e.getSQLState().substring(0, 2));
      }
      try (Connection connection = both.getConnection()) {
        assertEquals(3, count(connection, "select count(*) from hikari_account"));
      }
    }
  }
}
