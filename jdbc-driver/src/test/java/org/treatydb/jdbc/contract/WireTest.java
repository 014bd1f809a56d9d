package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.jdbc.embedded.Database;
import org.treatydb.jdbc.server.TreatyServer;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;

/** What the server says to clients that are not ours: Avatica's own driver, and whoever else finds the port. */
class WireTest {

  @TempDir
  Path directory;

  private TestDatabase database;
  private String address;

  @BeforeEach
  void start() throws Exception {
    database = Mode.REMOTE.open(directory);
    address = database.url().substring("jdbc:treaty:".length()).replace("//", "http://");
  }

  @AfterEach
  void stop() throws SQLException {
    database.close();
  }

  private HttpResponse<byte[]> post(byte[] body, String... headers) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address)).headers(headers)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void garbageGetsAnErrorWithoutInsides() throws Exception {
    for (byte[] body : new byte[][] {{}, "hello".getBytes(StandardCharsets.UTF_8), new byte[100_000]}) {
      HttpResponse<byte[]> answer = post(body, "Content-Type", "application/octet-stream");
      assertEquals(500, answer.statusCode());
      Service.ErrorResponse error = (Service.ErrorResponse) new ProtobufTranslationImpl().parseResponse(answer.body());
      assertEquals("08P01", error.sqlState);
      assertTrue(error.exceptions.isEmpty());
      assertFalse(answer.headers().map().toString().toLowerCase(java.util.Locale.ROOT).contains("jetty"));
    }
    HttpResponse<String> get = HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(405, get.statusCode());
    assertFalse(get.body().contains("org.eclipse"), get.body());
  }

  @Test
  void webPagesAreRefused() throws Exception {
    assertEquals(415, post(new byte[1], "Content-Type", "text/plain").statusCode());
    assertEquals(403, post(new byte[1], "Content-Type", "application/octet-stream", "Origin", "http://evil.example").statusCode());
  }

  private void send(Service.Request request) throws Exception {
    byte[] body = new ProtobufTranslationImpl().serializeRequest(request);
    assertEquals(200, post(body, "Content-Type", "application/octet-stream").statusCode());
  }

  private Connection avatica(String options) throws SQLException {
    return new org.apache.calcite.avatica.remote.Driver()
        .connect("jdbc:avatica:remote:url=" + address + ";serialization=PROTOBUF" + options, new Properties());
  }

  @Test
  void avaticasOwnDriverGetsAllRowsWithFetchSizeZero() throws SQLException {
    try (Connection connection = avatica(""); Statement statement = connection.createStatement()) {
      statement.execute("create table t (id integer primary key, name varchar(20), at timestamp)");
      try (PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?, ?)")) {
        for (int i = 0; i < 250; i++) {
          insert.setInt(1, i);
          insert.setString(2, "name " + i);
          insert.setTimestamp(3, java.sql.Timestamp.valueOf("2024-02-29 12:00:00"));
          insert.addBatch();
        }
        assertEquals(250, insert.executeBatch().length);
      }
      try (PreparedStatement select = connection.prepareStatement("select * from t where id >= ?")) {
        select.setFetchSize(0);
        select.setInt(1, 0);
        int rows = 0;
        try (ResultSet result = select.executeQuery()) {
          while (result.next()) {
            assertEquals("name " + result.getInt(1), result.getString(2));
            rows++;
          }
        }
        assertEquals(250, rows);
      }
    }
  }

  @Test
  void avaticasOwnDriverRollsBackAndSeesStatesWithoutStackTraces() throws SQLException {
    try (Connection connection = avatica(""); Statement statement = connection.createStatement()) {
      statement.execute("create table t (id integer primary key)");
      connection.setAutoCommit(false);
      try (PreparedStatement insert = connection.prepareStatement("insert into t values (1)")) {
        assertEquals(1, insert.executeUpdate());
      }
      connection.rollback();
      try (ResultSet count = connection.createStatement().executeQuery("select count(*) from t")) {
        assertTrue(count.next());
        assertEquals(0, count.getInt(1));
      }
      SQLException e = assertThrows(SQLException.class, () -> statement.execute("select * from nowhere"));
      assertEquals("42P01", e.getSQLState());
      assertFalse(e.toString().contains("\tat org.treatydb"), e.toString());
    }
  }

  @Test
  void aTransactionThatItsClientLeavesLetsGoOfItsLocksAndTheConnectionGoesOn() throws SQLException, IOException {
    EmbeddedStoreOptions options = EmbeddedStoreOptions.defaults()
        .withKeyFile(Mode.keyFile(directory)).withCounterDirectory(directory.resolve("counters"))
        .withTransactionLimits(TransactionLimits.DEFAULT.withIdleTimeout(Duration.ofSeconds(2)));
    try (Database other = Database.open(directory.resolve("other"), options);
        TreatyServer impatient = new TreatyServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      impatient.start(other.sessions());
      String url = "jdbc:treaty://127.0.0.1:" + impatient.port() + "/";
      try (Connection dead = DriverManager.getConnection(url); Connection waiting = DriverManager.getConnection(url)) {
        ContractTest.run(waiting, "create table t (id integer primary key)");
        dead.setAutoCommit(false);
        ContractTest.run(dead, "insert into t values (1)");
        ContractTest.run(waiting, "insert into t values (1)");
        ContractTest.assertFails("25P03", SQLNonTransientException.class, () -> ContractTest.run(dead, "insert into t values (2)"));
        ContractTest.assertFails("25P02", SQLNonTransientException.class, () -> ContractTest.run(dead, "insert into t values (2)"));
        dead.rollback();
        ContractTest.run(dead, "insert into t values (3)");
        dead.commit();
        assertEquals(List.of("1", "3"), ContractTest.rows(waiting, "select id from t order by id"));
      }
    }
  }

  @Test
  void aSessionEndsWithItsClientAndRollsBack() throws SQLException {
    try (Connection observer = database.connect()) {
      ContractTest.run(observer, "create table t (id integer primary key)");
      try (Connection connection = avatica("")) {
        connection.setAutoCommit(false);
        connection.createStatement().execute("insert into t values (1)");
      }
      assertEquals("0", ContractTest.rows(observer, "select count(*) from t").get(0));
    }
  }

  /** Avatica's driver would open a session anew, without what its transaction did before, if the server told it in Avatica's way. */
  @Test
  void aLostSessionIsNotReplacedBehindTheProgramsBack() throws Exception {
    try (Connection observer = database.connect()) {
      ContractTest.run(observer, "create table t (id integer primary key)");
      Connection connection = avatica(";transparent_reconnection=true");
      Statement statement = connection.createStatement();
      connection.setAutoCommit(false);
      statement.executeUpdate("insert into t values (1)");
      send(new Service.CloseConnectionRequest(((AvaticaConnection) connection).id));
      SQLException e = assertThrows(SQLException.class, () -> statement.executeUpdate("insert into t values (2)"));
      assertEquals("08003", e.getSQLState());
      assertThrows(Exception.class, connection::commit);
      assertEquals(List.of("0"), ContractTest.rows(observer, "select count(*) from t"));
    }
  }

  @Test
  void aQueryWhoseResultIsGoneIsNotRunAgain() throws Exception {
    try (Connection connection = avatica(""); Statement statement = connection.createStatement()) {
      String digits = "(values 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)";
      ResultSet result = statement.executeQuery("select a.n from " + digits + " as a (n), " + digits + " as b (n), " + digits
          + " as c (n), " + digits + " as d (n)");
      assertTrue(result.next());
      send(new Service.CloseStatementRequest(((AvaticaConnection) connection).id, ((AvaticaStatement) statement).handle.id));
      assertThrows(Exception.class, () -> ContractTest.rows(result));
    }
  }
}
