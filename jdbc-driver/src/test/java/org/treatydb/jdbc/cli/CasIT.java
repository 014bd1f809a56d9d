package org.treatydb.jdbc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Makes, runs and looks after a configuration service, as an operator does. */
class CasIT {

  @TempDir
  Path directory;

  @BeforeEach
  void writeTheNodesDown() throws IOException {
    Files.writeString(directory.resolve("cluster"), """
        node.1.name = alpha
        node.1.peers = 127.0.0.1:7101
        node.1.jdbc = 127.0.0.1:7201
        node.2.name = beta
        node.2.peers = 127.0.0.1:7102
        node.2.jdbc = 127.0.0.1:7202
        """);
  }

  private Launched treaty(String... arguments) throws Exception {
    return Launched.treaty(directory, "", arguments);
  }

  private Launched init() throws Exception {
    return treaty("cas", "init", "cas", "--nodes", "cluster", "--trust-anchor", "cluster.pem", "--software-attestation", "key");
  }

  private static void assertSays(int exitCode, String text, Launched launched) {
    assertEquals(exitCode, launched.exitCode(), launched.toString());
    assertTrue((exitCode == 0 ? launched.out() : launched.err()).contains(text), launched.toString());
  }

  @Test
  void aClusterIsMadeOnceAndSaysWhatToDoNext() throws Exception {
    Launched made = init();
    assertSays(0, "Made a cluster of 2 nodes: alpha, beta", made);
    assertTrue(made.err().contains("FOR DEVELOPMENT ONLY"), made.err());
    assertTrue(Files.readString(directory.resolve("cluster.pem")).startsWith("-----BEGIN CERTIFICATE-----"));
    assertEquals(65, Files.size(directory.resolve("key")));
    assertSays(1, "in use already", init());
    assertSays(1, "cluster.pem already",
        treaty("cas", "init", "cas2", "--nodes", "cluster", "--trust-anchor", "cluster.pem", "--software-attestation", "key"));
    assertFalse(Files.exists(directory.resolve("cas2")));
    assertEquals(2, treaty("cas", "init", "cas3", "--nodes", "cluster", "--trust-anchor", "other.pem").exitCode());
    assertEquals(2, treaty("cas").exitCode());
  }

  @Test
  void aServiceThatIsNotRunningIsLookedAfter() throws Exception {
    init();
    String measurement = treaty("measure").out().strip();
    assertTrue(measurement.matches("[0-9a-f]{64}"), measurement);
    assertSays(0, "none, so that no node can join", treaty("cas", "show", "cas"));
    assertSays(0, "may join from now on", treaty("cas", "allow", "cas", measurement));
    assertSays(0, "beta is shut out", treaty("cas", "revoke", "cas", "beta"));
    Launched shown = treaty("cas", "show", "cas");
    assertSays(0, "allowed code   " + measurement, shown);
    assertSays(0, "node           1 alpha, peers 127.0.0.1:7101, JDBC 127.0.0.1:7201, has never joined", shown);
    assertSays(0, "node           2 beta, peers 127.0.0.1:7102, JDBC 127.0.0.1:7202, SHUT OUT, has never joined", shown);
    assertSays(0, "WARNING: SOFTWARE ATTESTATION", shown);
    assertSays(1, "[22023] the cluster has no node called 'gamma'", treaty("cas", "revoke", "cas", "gamma"));
    assertSays(1, "[22023]", treaty("cas", "allow", "cas", "xyz"));
    assertSays(1, "[58P01]", treaty("cas", "show", "nowhere"));
    assertSays(1, "[58P01]", treaty("cas", "run", "--data", "nowhere", "--listen", "127.0.0.1:0"));
  }

  @Test
  void aServiceThatRunsIsLookedAfterAndKeepsItAll() throws Exception {
    init();
    try (RunningCas cas = RunningCas.start(directory)) {
      assertSays(0, "beta is shut out", treaty("cas", "revoke", "cas", "beta"));
      assertSays(0, "SHUT OUT", treaty("cas", "show", "cas"));
      assertSays(1, "[22023] the cluster has no node called 'gamma'", treaty("cas", "revoke", "cas", "gamma"));
      assertSays(0, "Backed up to saved, and read back", treaty("backup", "cas", "saved"));
      cas.process().destroy();
      assertTrue(cas.process().waitFor(60, TimeUnit.SECONDS), "it does not end");
      assertEquals(143, cas.process().exitValue());
      assertTrue(Files.readString(cas.log()).contains("FOR DEVELOPMENT ONLY"), Files.readString(cas.log()));
    }
    assertSays(0, "SHUT OUT", treaty("cas", "show", "cas"));
    assertSays(0, "may join again", treaty("cas", "readmit", "cas", "beta"));
  }

  /** A service that was killed and put back to an older state does not start. */
  @Test
  void aServiceThatWasRolledBackDoesNotRun() throws Exception {
    init();
    assertSays(0, "Backed up", treaty("backup", "cas", "saved"));
    assertSays(0, "shut out", treaty("cas", "revoke", "cas", "beta"));
    Files.move(directory.resolve("cas"), directory.resolve("newer"));
    Files.move(directory.resolve("saved"), directory.resolve("cas"));
    assertSays(1, "[XX001]", treaty("cas", "run", "--data", "cas", "--listen", "127.0.0.1:0"));
  }

  /** A service that serves. */
  private record RunningCas(Process process, Path log) implements AutoCloseable {

    static RunningCas start(Path directory) throws IOException {
      Path log = directory.resolve("log");
      List<String> command = List.of(Launched.SCRIPT.toString(), "cas", "run", "--data", "cas", "--listen", "127.0.0.1:0");
      Process process = Launched.builder(directory, command).redirectError(log.toFile()).start();
      String line = process.inputReader().readLine();
      if (line == null || !line.startsWith("listening on 127.0.0.1:")) {
        process.destroyForcibly();
        throw new IOException("not ready, said " + line + "\n" + Files.readString(log));
      }
      return new RunningCas(process, log);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
