package org.treatydb.jdbc.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.remote.Driver;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.treatydb.jdbc.embedded.Database;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;

/** People who want to work with a server in somebody else's name, or in nobody's. */
class SignInTest {

  private static final String PASSWORD = "canary-of-the-password-Ä";
  private static final String OTHER = "bobs-canary";
  private static final int UNAUTHORIZED = 401;

  @TempDir Path directory;

  private final Captured captured = new Captured();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ProtobufTranslationImpl translation = new ProtobufTranslationImpl();
  private Level levelBefore;
  private Database database;
  private TreatyServer server;

  /** Everything that is logged, whatever its level. */
  private static final class Captured extends AppenderBase<ILoggingEvent> {

    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      StringBuilder line = new StringBuilder(event.getLoggerName()).append(' ').append(event.getFormattedMessage());
      for (var thrown = event.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
        line.append(' ').append(thrown.getMessage());
      }
      lines.add(line.toString());
    }
  }

  @BeforeEach
  void start() throws Exception {
    Path key = Files.writeString(directory.resolve("root.key"), "5ec3e7".repeat(10) + "0123");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    database = Database.open(directory.resolve("data"),
        EmbeddedStoreOptions.defaults().withKeyFile(key).withCounterDirectory(directory.resolve("counters")));
    server = new TreatyServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.bind();
    server.start(database.sessions());
    captured.start();
    root().addAppender(captured);
    levelBefore = LoggerFactory.getLogger("org.treatydb") instanceof Logger logger ? logger.getLevel() : null;
    ((Logger) LoggerFactory.getLogger("org.treatydb")).setLevel(Level.TRACE);
  }

  @AfterEach
  void stop() {
    ((Logger) LoggerFactory.getLogger("org.treatydb")).setLevel(levelBefore);
    root().detachAppender(captured);
    server.close();
    database.close();
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private Connection connect(String user, String password) throws SQLException {
    Properties properties = new Properties();
    if (user != null) {
      properties.put("user", user);
      properties.put("password", password);
    }
    return DriverManager.getConnection("jdbc:treaty://127.0.0.1:" + server.port() + "/", properties);
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
      assertTrue(rows.next());
      return rows.getString(1);
    }
  }

  /** The first user makes the others. */
  private void createUsers() throws SQLException {
    try (Connection first = connect(null, null)) {
      execute(first, "create table t (a integer)", "insert into t values (7)", "create user ada superuser password '" + PASSWORD + "'");
    }
    try (Connection ada = connect("ada", PASSWORD)) {
      execute(ada, "create user bob password '" + OTHER + "'", "create user carol", "create role clerks password 'x'");
    }
  }

  private SQLException refused(String user, String password) {
    return assertThrows(SQLException.class, () -> connect(user, password).close());
  }

  private static String basic(String user, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<byte[]> post(String authorization, byte[] body) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
        .header("Content-Type", "application/octet-stream").POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private Service.Response answer(String authorization, Service.Request request) throws IOException, InterruptedException {
    return translation.parseResponse(post(authorization, translation.serializeRequest(request)).body());
  }

  @Test
  void whoeverIsOnTheMachineWorksUntilThereAreUsers() throws SQLException {
    try (Connection nobody = connect(null, null); Connection somebody = connect("sa", "whatever")) {
      execute(nobody, "create table t (a integer)");
      execute(somebody, "insert into t values (1)");
      execute(nobody, "create user ada superuser password '" + PASSWORD + "'");
      for (Connection open : List.of(nobody, somebody)) {
        SQLException over = assertThrows(SQLException.class, () -> ask(open, "select a from t"));
        assertTrue(over.getSQLState().startsWith("28"), over.getSQLState() + over.getMessage());
      }
    }
    assertEquals("28000", refused(null, null).getSQLState());
    try (Connection ada = connect("ada", PASSWORD)) {
      assertEquals("1", ask(ada, "select a from t"));
      assertEquals("ada", ask(ada, "values (current_user)"));
      execute(ada, "drop table t");
    }
  }

  @Test
  void wrongPasswordsAndUnknownUsersAreToldTheSame() throws SQLException {
    createUsers();
    SQLException wrong = refused("ada", OTHER);
    assertEquals("28P01", wrong.getSQLState());
    for (SQLException other : List.of(refused("nobody", OTHER), refused("carol", OTHER), refused("carol", ""), refused("clerks", "x"),
        refused("ada", ""), refused("ADA", PASSWORD), refused("treaty", ""), refused("public", ""))) {
      assertEquals(wrong.getSQLState() + wrong.getMessage(), other.getSQLState() + other.getMessage());
      assertEquals(wrong.getClass(), other.getClass());
    }
    connect("bob", OTHER).close();
  }

  @Test
  void aStolenConnectionIdIsWorthNothing() throws Exception {
    createUsers();
    String id = UUID.randomUUID().toString();
    String ada = basic("ada", PASSWORD);
    assertTrue(answer(ada, new Service.OpenConnectionRequest(id, Map.of())) instanceof Service.OpenConnectionResponse);
    connect("bob", OTHER).close();
    List<Service.Request> thefts = List.of(new Service.PrepareAndExecuteRequest(id, -1, "select a from t", -1),
        new Service.CommitRequest(id), new Service.CreateStatementRequest(id), new Service.TablesRequest(id, null, null, null, null),
        new Service.ConnectionSyncRequest(id, new ConnectionPropertiesImpl()), new Service.PrepareRequest(id, "select 1", -1));
    for (Service.Request theft : thefts) {
      for (String thief : new String[] {basic("bob", OTHER), basic("ada", OTHER), basic("mallory", "")}) {
        Service.ErrorResponse error = (Service.ErrorResponse) answer(thief, theft);
        assertEquals("08003", error.sqlState);
        // As for an id that was made up.
        assertEquals(((Service.ErrorResponse) answer(thief, new Service.CommitRequest(UUID.randomUUID().toString()))).errorMessage,
            error.errorMessage);
      }
      assertEquals(UNAUTHORIZED, post(null, translation.serializeRequest(theft)).statusCode());
      // The control: from who has opened it, it is answered.
      assertFalse(answer(ada, theft) instanceof Service.ErrorResponse);
    }
    answer(basic("bob", OTHER), new Service.CloseConnectionRequest(id));
    assertFalse(answer(ada, thefts.getFirst()) instanceof Service.ErrorResponse);
  }

  @Test
  void nothingIsDoneForWhoHasNotSignedIn() throws Exception {
    createUsers();
    String id = UUID.randomUUID().toString();
    for (Service.Request request : List.of(new Service.OpenConnectionRequest(id, Map.of("user", "ada", "password", PASSWORD)),
        new Service.PrepareAndExecuteRequest(id, -1, "select a from t", -1), new Service.DatabasePropertyRequest(id),
        new Service.CatalogsRequest(id), new Service.CloseConnectionRequest(id))) {
      byte[] bytes = translation.serializeRequest(request);
      for (String header : new String[] {null, "", "Basic", "Basic !", "Bearer x", "Basic " + "A".repeat(5_000)}) {
        HttpResponse<byte[]> answer = post(header, bytes);
        assertEquals(UNAUTHORIZED, answer.statusCode(), header);
        assertTrue(answer.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Basic"));
      }
    }
    // What is long is not even read.
    Service.ErrorResponse tooLong = (Service.ErrorResponse) translation.parseResponse(
        post(basic("mallory", "x"), new byte[ProtobufEndpoint.STRANGERS_BYTES_MAX + 1]).body());
    assertEquals("54000", tooLong.sqlState);
    // The control: of who has signed in, it is.
    try (Connection bob = connect("bob", OTHER)) {
      assertEquals(100_000, ask(bob, "values ('" + "x".repeat(100_000) + "')").length());
    }
  }

  @Test
  void whoIsDroppedOrGetsAnotherPasswordCannotComeBack() throws SQLException {
    createUsers();
    try (Connection ada = connect("ada", PASSWORD); Connection bob = connect("bob", OTHER)) {
      assertEquals("42501", assertThrows(SQLException.class, () -> ask(bob, "select a from t")).getSQLState());
      execute(ada, "grant select on t to bob");
      assertEquals("7", ask(bob, "select a from t"));
      execute(ada, "alter user bob password 'new'");
      assertEquals("7", ask(bob, "select a from t"));
      assertEquals("28P01", refused("bob", OTHER).getSQLState());
      connect("bob", "new").close();
      execute(ada, "drop user bob");
      assertEquals("28000", assertThrows(SQLException.class, () -> ask(bob, "select a from t")).getSQLState());
      assertEquals("28P01", refused("bob", "new").getSQLState());
    }
  }

  @Test
  void metadataTellsWhoMayDoWhat() throws SQLException {
    createUsers();
    try (Connection ada = connect("ada", PASSWORD)) {
      execute(ada, "grant select on t to bob", "create table mine (a integer, b integer)");
      assertEquals("ada", ada.getMetaData().getUserName());
    }
    try (Connection bob = connect("bob", OTHER)) {
      assertEquals(List.of("t treaty bob SELECT NO"), rows(bob.getMetaData().getTablePrivileges(null, "public", "%"), "bob",
          "TABLE_NAME", "GRANTOR", "GRANTEE", "PRIVILEGE", "IS_GRANTABLE"));
      assertEquals(List.of("a SELECT bob"), rows(bob.getMetaData().getColumnPrivileges(null, null, "t", "%"), "bob",
          "COLUMN_NAME", "PRIVILEGE", "GRANTEE"));
      assertEquals(List.of(), rows(bob.getMetaData().getTablePrivileges(null, null, "mine"), "", "PRIVILEGE"));
      assertFalse(bob.getMetaData().getTables(null, null, "mine", null).next());
    }
    try (Connection ada = connect("ada", PASSWORD)) {
      assertEquals(6, rows(ada.getMetaData().getTablePrivileges(null, null, "mine"), "ada YES", "GRANTEE", "IS_GRANTABLE").size());
      assertEquals(8, rows(ada.getMetaData().getColumnPrivileges(null, "public", "mine", null), "", "COLUMN_NAME").size());
    }
  }

  /** The rows with that text in them, as texts of those columns. */
  private static List<String> rows(ResultSet results, String with, String... columns) throws SQLException {
    List<String> rows = new ArrayList<>();
    while (results.next()) {
      List<String> values = new ArrayList<>();
      for (String column : columns) {
        values.add(results.getString(column));
      }
      rows.add(String.join(" ", values));
    }
    rows.removeIf(row -> !row.contains(with));
    return rows;
  }

  @Test
  void theStockClientSignsInToo() throws Exception {
    createUsers();
    String url = "jdbc:avatica:remote:url=http://127.0.0.1:" + server.port() + ";serialization=PROTOBUF;authentication=BASIC";
    try (Connection stock = new Driver().connect(url + ";avatica_user=bob;avatica_password=" + OTHER, new Properties())) {
      assertEquals("bob", ask(stock, "values (session_user)"));
      assertThrows(SQLException.class, () -> ask(stock, "select a from t"));
    }
    assertThrows(Exception.class, () -> {
      try (Connection stock = new Driver().connect(url + ";avatica_user=bob;avatica_password=wrong", new Properties())) {
        ask(stock, "values (1)");
      }
    });
  }

  @Test
  void passwordsAreInNoLogAndInNoFile() throws Exception {
    createUsers();
    refused("ada", PASSWORD + "-wrong");
    try (Connection ada = connect("ada", PASSWORD)) {
      execute(ada, "alter user bob with password '" + PASSWORD + "'");
      for (String wrong : List.of("create user eve password '" + PASSWORD + "' nonsense", "create user \"a:b\" password '" + PASSWORD + "'",
          "create user ada password '" + PASSWORD + "'", "alter user nobody password '" + PASSWORD + "'")) {
        SQLException failed = assertThrows(SQLException.class, () -> execute(ada, wrong));
        assertFalse(failed.getMessage().contains("canary"), failed.getMessage());
      }
      try (Statement statement = ada.createStatement()) {
        for (String view : List.of("sys.roles", "sys.privileges", "sys.transactions", "sys.locks", "information_schema.table_privileges")) {
          try (ResultSet rows = statement.executeQuery("select * from " + view)) {
            while (rows.next()) {
              for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                String value = String.valueOf(rows.getString(i));
                assertFalse(value.contains("canary") || value.contains("argon2"), value);
              }
            }
          }
        }
      }
    }
    server.close();
    database.close();
    String log = String.join("\n", captured.lines);
    assertFalse(log.contains("canary") || log.contains("argon2") || log.contains(basic("ada", PASSWORD)), log);
    // The control: what shall be in the log is, and it would have been seen.
    assertTrue(log.contains("org.treatydb.audit event=sign-in outcome=ok user=\"ada\" from=\"127.0.0.1\""), log);
    assertTrue(log.contains("outcome=refused user=\"ada\""), log);
    assertTrue(log.contains("event=change user=\"ada\" role=\"ada\" statement=\"CREATE USER \\\"bob\\\" PASSWORD '***'\""), log);
    assertTrue(log.contains("event=change user=\"treaty\" role=\"treaty\" statement=\"CREATE TABLE \\\"t\\\"\""), log);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains("canary") || bytes.contains("argon2"), file.toString());
      }
    }
  }

  @Test
  void aNameThatLooksLikeALogLineIsNone() throws SQLException {
    createUsers();
    refused("x\nevent=sign-in outcome=ok user=\"ada\"", "y");
    assertTrue(captured.lines.stream().noneMatch(line -> line.contains("\nevent=")), captured.lines.toString());
    assertTrue(captured.lines.stream().anyMatch(line -> line.contains("user=\"x\\u000aevent=sign-in outcome=ok user=\\\"ada\\\"\"")));
  }

  @Test
  void fromOtherMachinesPasswordsComeOverTlsOnlyAndNobodyComesWithout() throws Exception {
    SignIn signIn = new SignIn(database.sessions(), false, System::nanoTime);
    Peer plain = Peer.of("203.0.113.5", "198.51.100.1", false);
    assertEquals("28000", assertThrows(SQLException.class, () -> signIn.admit(signIn.visitor(null, plain))).getSQLState());
    SignIn welcoming = new SignIn(database.sessions(), true, System::nanoTime);
    welcoming.admit(welcoming.visitor(null, plain));
    signIn.admit(signIn.visitor(null, Peer.of("198.51.100.1", "198.51.100.1", false)));
    createUsers();
    String right = basic("ada", PASSWORD);
    for (SignIn each : List.of(signIn, welcoming)) {
      assertEquals("28000", assertThrows(SQLException.class, () -> each.admit(each.visitor(right, plain))).getSQLState());
      assertThrows(SignIn.Unknown.class, () -> each.admit(each.visitor(null, Peer.of("127.0.0.1", "127.0.0.1", false))));
      each.admit(each.visitor(right, Peer.of("203.0.113.5", "198.51.100.1", true)));
      // Also for who was let in over TLS before.
      assertThrows(SQLException.class, () -> each.admit(each.visitor(right, plain)));
    }
  }

  @Test
  void whoTriesPasswordsIsSlowedDownAndNobodyElse() throws Exception {
    createUsers();
    long[] nanos = {1};
    SignIn signIn = new SignIn(database.sessions(), false, () -> nanos[0]);
    Peer attacker = Peer.of("203.0.113.5", "198.51.100.1", true);
    Peer pool = Peer.of("203.0.113.6", "198.51.100.1", true);
    String right = basic("ada", PASSWORD);
    signIn.admit(signIn.visitor(right, pool));
    for (int i = 0; i < Attempts.FREE_BY_NETWORK; i++) {
      String guess = basic(i % 2 == 0 ? "ada" : "nobody", "guess" + i);
      assertEquals("28P01", assertThrows(SQLException.class, () -> signIn.admit(signIn.visitor(guess, attacker))).getSQLState());
    }
    String guess = basic("bob", OTHER);
    SQLException slowed = assertThrows(SQLException.class, () -> signIn.admit(signIn.visitor(guess, attacker)));
    assertEquals("28000", slowed.getSQLState());
    assertEquals("Too many attempts to sign in. The next one will be heard in 2 seconds.", slowed.getMessage());
    // Whose password was right before, and who is elsewhere, is let in.
    signIn.admit(signIn.visitor(right, pool));
    signIn.admit(signIn.visitor(guess, pool));
    nanos[0] += TimeUnit.SECONDS.toNanos(1);
    // It is right this time: the control.
    signIn.admit(signIn.visitor(guess, attacker));
  }
}
