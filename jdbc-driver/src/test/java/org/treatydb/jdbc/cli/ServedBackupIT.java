package org.treatydb.jdbc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a database that a server process has open. */
class ServedBackupIT {

  private static final int WRITERS = 3;

  @TempDir
  Path directory;

  private List<Path> sockets() throws Exception {
    try (var files = Files.list(directory.resolve("state/treaty/sockets"))) {
      return files.toList();
    }
  }

  private Launched treaty(String... arguments) throws Exception {
    return Launched.treaty(directory, "", arguments);
  }

  /** Inserts (writer, 0), (writer, 1) … until told to stop; {@code acknowledged} says how many are in. */
  private static void write(String url, int writer, AtomicInteger acknowledged, CountDownLatch begun, AtomicBoolean stop) {
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?)")) {
      insert.setInt(1, writer);
      while (!stop.get()) {
        insert.setInt(2, acknowledged.get());
        insert.executeUpdate();
        acknowledged.incrementAndGet();
        begun.countDown();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aServedDatabaseIsBackedUpWhileWritersGoOnAndTheCopyIsRestored() throws Exception {
    int[] before = new int[WRITERS];
    int[] after = new int[WRITERS];
    // The default key and counter: what a server needs no option for, its backup needs none for either.
    try (LaunchedServer server = LaunchedServer.start(directory, "--data", "data")) {
      try (Connection connection = DriverManager.getConnection(server.url()); Statement statement = connection.createStatement()) {
        statement.execute("create table t (writer integer, n integer, primary key (writer, n))");
      }
      AtomicInteger[] acknowledged = new AtomicInteger[WRITERS];
      CompletableFuture<?>[] writers = new CompletableFuture<?>[WRITERS];
      CountDownLatch begun = new CountDownLatch(100);
      AtomicBoolean stop = new AtomicBoolean();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < WRITERS; i++) {
          int writer = i;
          acknowledged[i] = new AtomicInteger();
          writers[i] = CompletableFuture.runAsync(() -> write(server.url(), writer, acknowledged[writer], begun, stop), threads);
        }
        assertTrue(begun.await(60, TimeUnit.SECONDS));
        for (int i = 0; i < WRITERS; i++) {
          before[i] = acknowledged[i].get();
        }
        Launched backup = treaty("backup", "data", "saved");
        for (int i = 0; i < WRITERS; i++) {
          after[i] = acknowledged[i].get() + 1;
        }
        stop.set(true);
        assertEquals(0, backup.exitCode(), backup.toString());
        assertTrue(backup.out().contains("Backed up to saved, and read back"), backup.toString());
        CompletableFuture.allOf(writers).get(60, TimeUnit.SECONDS);
      }
      Launched again = treaty("backup", "data", "saved");
      assertEquals(1, again.exitCode());
      assertTrue(again.err().contains("[22023]") && again.err().contains("is not empty"), again.err());
      Launched inside = treaty("backup", "data", "data/copy");
      assertTrue(inside.exitCode() == 1 && inside.err().contains("lies inside the data directory"), inside.toString());
    }
    Path key = Files.list(directory.resolve("state/treaty/keys")).toList().getFirst();
    Launched adopted = treaty("adopt", "saved", "--yes", "--key-file", key.toString());
    assertEquals(0, adopted.exitCode(), adopted.toString());
    String url = "jdbc:treaty:file:" + directory.resolve("saved") + ";keyFile=" + key + ";counterDir="
        + directory.resolve("state/treaty/counters");
    try (Connection connection = DriverManager.getConnection(url); Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select writer, count(*), max(n) from t group by writer order by writer")) {
      for (int i = 0; i < WRITERS; i++) {
        assertTrue(rows.next());
        int count = rows.getInt(2);
        assertEquals(count - 1, rows.getInt(3), "a hole among the rows of a writer");
        assertTrue(before[i] <= count && count <= after[i], before[i] + " <= " + count + " <= " + after[i]);
      }
    }
  }

  @Test
  void theSocketGoesWithTheServerAndAStaleOneIsReplaced() throws Exception {
    try (LaunchedServer killed = LaunchedServer.start(directory, "--data", "data")) {
      assertEquals(1, sockets().size());
      killed.process().destroyForcibly();
      assertTrue(killed.process().waitFor(60, TimeUnit.SECONDS));
    }
    assertEquals(1, sockets().size());
    try (LaunchedServer server = LaunchedServer.start(directory, "--data", "data")) {
      Launched backup = treaty("backup", "data", "saved");
      assertEquals(0, backup.exitCode(), backup.toString());
      server.process().destroy();
      assertTrue(server.process().waitFor(60, TimeUnit.SECONDS));
    }
    assertEquals(List.of(), sockets());
  }

  @Test
  void aDatabaseEmbeddedElsewhereIsRefusedWithAWordOnWhatToCall() throws Exception {
    Path key = Files.writeString(directory.resolve("key"), "0123456789abcdef".repeat(4));
    String url = "jdbc:treaty:file:" + directory.resolve("data") + ";keyFile=" + key + ";counterDir=" + directory.resolve("counters");
    try (Connection connection = DriverManager.getConnection(url)) {
      Launched backup = treaty("backup", "data", "saved", "--key-file", "key", "--counter-dir", "counters");
      assertEquals(1, backup.exitCode());
      assertTrue(backup.err().contains("[55006]") && backup.err().contains("EmbeddedStore.backup"), backup.err());
      assertFalse(Files.exists(directory.resolve("saved")));
      assertTrue(connection.isValid(5));
    }
  }
}
