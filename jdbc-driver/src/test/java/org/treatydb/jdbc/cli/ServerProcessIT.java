package org.treatydb.jdbc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server process, ended in both ways a process ends. */
class ServerProcessIT {

  private static final int SIGTERM_EXIT_CODE = 143;
  private static final long SECONDS_MAX = 60;

  @TempDir
  Path directory;

  private LaunchedServer server;

  @BeforeEach
  void makePassphrase() throws IOException {
    Files.writeString(directory.resolve("passphrase"), "open sesame\n");
  }

  @AfterEach
  void end() {
    if (server != null) {
      server.close();
    }
  }

  private void start(String... limits) throws IOException {
    List<String> arguments = new ArrayList<>(
        List.of("--data", "data", "--counter-dir", "counters", "--passphrase-file", "passphrase"));
    arguments.addAll(List.of(limits));
    server = LaunchedServer.start(directory, arguments.toArray(String[]::new));
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(server.url());
  }

  private static int count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery("select count(*) from t")) {
      assertTrue(result.next());
      return result.getInt(1);
    }
  }

  @Test
  void whatWasCommittedSurvivesSigtermAndSigkill() throws Exception {
    start();
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      statement.execute("create table t (id integer primary key)");
      statement.execute("insert into t values (1)");
      connection.setAutoCommit(false);
      statement.execute("insert into t values (100)");
      server.process().destroy();
      assertTrue(server.process().waitFor(SECONDS_MAX, TimeUnit.SECONDS));
      assertEquals(SIGTERM_EXIT_CODE, server.process().exitValue());
      SQLException e = assertThrows(SQLException.class, connection::commit);
      assertTrue(List.of("08006", "08007").contains(e.getSQLState()), e.getSQLState());
      assertTrue(connection.isClosed());
    }
    start();
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      assertEquals(1, count(connection));
      statement.execute("insert into t values (2)");
      connection.setAutoCommit(false);
      statement.execute("insert into t values (200)");
      server.process().destroyForcibly();
      assertTrue(server.process().waitFor(SECONDS_MAX, TimeUnit.SECONDS));
      assertFalse(connection.isValid(5));
    }
    start();
    try (Connection connection = connect()) {
      assertEquals(2, count(connection));
    }
    String log = Files.readString(server.log());
    assertTrue(log.contains("no users") && log.contains("no TLS"), log);
    assertTrue(log.contains("Ending: data"), log);
    assertFalse(log.contains("\tat "), log);
  }

  @Test
  void theLimitsOfTheCommandLineHold() throws Exception {
    start("--transaction-idle-seconds", "100", "--transaction-timeout-seconds", "5", "--snapshot-age-seconds", "100",
        "--uncommitted-memory", "100KB", "--memory", "16MB", "--statement-timeout-seconds", "1", "--query-memory",
        "200KB");
    String unhurried = server.url() + ";statementTimeoutMillis=60000";
    try (Connection slow = DriverManager.getConnection(unhurried); Statement statement = slow.createStatement();
        Connection hurried = connect(); Statement endless = hurried.createStatement();
        Connection patient = DriverManager.getConnection(unhurried + ";transactionTimeoutMillis=60000")) {
      statement.execute("create table t (id integer primary key, name varchar(200000))");
      statement.execute("insert into t values (1, 'x')");
      String large = "insert into t values (3, '" + "x".repeat(110_000) + "')";
      assertEquals("53200", assertThrows(SQLException.class, () -> statement.execute(large)).getSQLState());
      assertEquals("57014", assertThrows(SQLException.class, () -> endless.execute(
          "with recursive n (i) as (values (1) union all select i from n) select count(*) from n")).getSQLState());
      assertEquals("53200", assertThrows(SQLException.class, () -> statement.execute(
          "select i from table(generate_series(1, 10000)) as s (i) order by -i")).getSQLState());
      slow.setAutoCommit(false);
      statement.execute("insert into t values (2, 'never committed')");
      try (Statement waiting = patient.createStatement()) {
        waiting.execute("insert into t values (2, 'x')");
      }
      assertEquals("25P04", assertThrows(SQLException.class, slow::commit).getSQLState());
      assertEquals(2, count(slow));
    }
  }

  @Test
  void aSecondServerOnTheSameDirectoryIsRefused() throws Exception {
    start();
    Launched second = Launched.treaty(directory, "", "server", "--data", "data", "--listen", "127.0.0.1:0", "--counter-dir", "counters",
        "--passphrase-file", "passphrase");
    assertEquals(1, second.exitCode());
    assertTrue(second.err().contains("[55006]"), second.err());
    String url = server.url();
    String port = url.substring(url.lastIndexOf(':') + 1, url.length() - 1);
    Launched taken = Launched.treaty(directory, "", "server", "--data", "other", "--listen", "127.0.0.1:" + port, "--counter-dir",
        "counters", "--passphrase-file", "passphrase");
    assertEquals(1, taken.exitCode());
    assertTrue(taken.err().contains("Cannot listen on"), taken.err());
    assertFalse(Files.exists(directory.resolve("other")));
  }
}
