package org.treatydb.examples.libraries;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A {@code treaty server} process on a new database, with its files in one directory.
 *
 * @param address what its clients connect to: host and port
 */
record TreatyServer(Process process, String address) implements AutoCloseable {

  private static final String READY = "listening on ";
  /** For a process that lives for a minute: what takes long to compile does not pay. */
  private static final String FLAGS = "-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  /** Starts one, and waits until it serves. */
  static TreatyServer start(Path directory) throws IOException {
    Files.writeString(directory.resolve("passphrase"), "for these tests only\n");
    Path log = directory.resolve("log");
    ProcessBuilder builder = new ProcessBuilder(System.getProperty("treaty.launcher"), "server", "--listen", "127.0.0.1:0",
        "--data", "data", "--counter-dir", "counters", "--passphrase-file", "passphrase")
        .directory(directory.toFile()).redirectError(log.toFile());
    builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
    builder.environment().put("JAVA_TOOL_OPTIONS", FLAGS);
    Process process = builder.start();
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (line == null || !line.startsWith(READY)) {
      process.destroyForcibly();
      throw new IOException("The server is not ready, and said " + line + "\n" + String.join("\n", lines(log)));
    }
    return new TreatyServer(process, line.substring(READY.length()));
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  String url() {
    return "jdbc:treaty://" + address + "/";
  }

  /** Ends it at once. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
