package org.treatydb.jdbc.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedUrlTest {

  @TempDir
  Path directory;

  private final Properties options = new Properties();

  @BeforeEach
  void makeKey() throws Exception {
    byte[] key = new byte[32];
    new java.security.SecureRandom().nextBytes(key);
    options.setProperty("keyFile", keyFile("key file", HexFormat.of().formatHex(key)));
    options.setProperty("counterDir", directory.resolve("counters").toString());
  }

  private String keyFile(String name, String content) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------")).toString();
  }

  private Connection connect(Path data) throws SQLException {
    return DriverManager.getConnection("jdbc:treaty:file:" + data, options);
  }

  private static void run(Connection connection, String sql) throws SQLException {
    connection.createStatement().execute(sql);
  }

  private static int count(Connection connection) throws SQLException {
    ResultSet result = connection.createStatement().executeQuery("select count(*) from t");
    assertTrue(result.next());
    return result.getInt(1);
  }

  @Test
  void aDirectoryOpensForTheFirstClosesAfterTheLastAndKeepsItsRows() throws SQLException {
    Path data = directory.resolve("my data");
    try (Connection first = connect(data)) {
      run(first, "create table t (id integer primary key)");
      try (Connection second = connect(directory.resolve("x/../my data"))) {
        run(second, "insert into t values (1)");
        assertNotSame(first, second);
      }
      assertEquals(1, count(first));
    }
    try (Connection again = connect(data)) {
      assertEquals(1, count(again));
    }
  }

  @Test
  void aSymbolicLinkReachesTheSameDatabase() throws Exception {
    Path data = directory.resolve("data");
    try (Connection first = connect(data)) {
      run(first, "create table t (id integer primary key)");
      Path link = Files.createSymbolicLink(directory.resolve("link"), data);
      try (Connection second = connect(link)) {
        assertEquals(0, count(second));
      }
    }
  }

  @Test
  void otherOptionsForAnOpenDirectoryAreRefused() throws SQLException {
    Path data = directory.resolve("data");
    try (Connection first = connect(data)) {
      assertTrue(first.isValid(1));
      options.setProperty("counterDir", directory.resolve("elsewhere").toString());
      SQLException e = assertThrows(SQLException.class, () -> connect(data));
      assertEquals("08001", e.getSQLState());
      assertTrue(e.getMessage().contains("counterDir"), e.getMessage());
    }
  }

  @Test
  void memoryIsGivenAsASizeAndTheSameForEveryConnection() throws SQLException {
    Path data = directory.resolve("data");
    options.setProperty("memory", "16MB");
    try (Connection first = connect(data)) {
      run(first, "create table t (id integer primary key)");
      try (Connection second = connect(data)) {
        assertEquals(0, count(second));
      }
      options.setProperty("memory", "32MB");
      assertEquals("08001", assertThrows(SQLException.class, () -> connect(data)).getSQLState());
    }
    for (String none : new String[] {"much", "", "1MB", "-1"}) {
      options.setProperty("memory", none);
      SQLException e = assertThrows(SQLException.class, () -> connect(data));
      assertEquals("08001", e.getSQLState());
      assertTrue(e.getMessage().contains("option memory"), e.getMessage());
    }
  }

  @Test
  void theWrongKeyIsRefusedAndHarmsNothing() throws Exception {
    Path data = directory.resolve("data");
    try (Connection first = connect(data)) {
      run(first, "create table t (id integer primary key)");
    }
    Object right = options.get("keyFile");
    options.setProperty("keyFile", keyFile("other", "ab".repeat(32)));
    SQLException e = assertThrows(SQLException.class, () -> connect(data));
    assertEquals("28000", e.getSQLState());
    options.remove("keyFile");
    options.setProperty("passphrase", "hush");
    assertEquals("28000", assertThrows(SQLException.class, () -> connect(data)).getSQLState());
    options.remove("passphrase");
    options.put("keyFile", right);
    try (Connection again = connect(data)) {
      assertEquals(0, count(again));
    }
  }

  @Test
  void aPassphraseOpensWhatItMade() throws SQLException {
    options.remove("keyFile");
    options.setProperty("passphrase", "correct horse");
    Path data = directory.resolve("data");
    try (Connection first = connect(data)) {
      run(first, "create table t (id integer primary key)");
    }
    try (Connection again = connect(data)) {
      assertEquals(0, count(again));
    }
    options.setProperty("keyFile", "/k");
    assertEquals("08001", assertThrows(SQLException.class, () -> connect(data)).getSQLState());
  }

  @Test
  void aNameInMemoryLivesOnWithoutConnections() throws SQLException {
    String name = "memory-" + directory.getFileName();
    try (Connection first = DriverManager.getConnection("jdbc:treaty:mem:" + name)) {
      run(first, "create table t (id integer primary key)");
    }
    try (Connection again = DriverManager.getConnection("jdbc:treaty:mem:" + name);
        Connection other = DriverManager.getConnection("jdbc:treaty:mem:" + name + "-2")) {
      assertEquals(0, count(again));
      assertEquals("42P01", assertThrows(SQLException.class, () -> count(other)).getSQLState());
    }
  }

  @Test
  void twoConnectionsAreTwoSessions() throws SQLException {
    Path data = directory.resolve("data");
    try (Connection first = connect(data); Connection second = connect(data)) {
      run(first, "create table t (id integer primary key)");
      first.setAutoCommit(false);
      run(first, "insert into t values (1)");
      assertTrue(second.getAutoCommit());
      assertEquals(0, count(second));
      assertEquals(1, count(first));
      first.rollback();
    }
  }
}
