package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A server process that is ready.
 *
 * @param url what its clients connect to
 * @param log what it writes to its standard error, after what servers in the same directory wrote before
 */
record LaunchedServer(Process process, String url, Path log) implements AutoCloseable {

  private static final String READY = "listening on ";

  /** Starts {@code treaty server} on a free port, with further arguments. */
  static LaunchedServer start(Path directory, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Launched.SCRIPT.toString(), "server", "--listen", "127.0.0.1:0"));
    command.addAll(Arrays.asList(arguments));
    Path log = directory.resolve("log");
    Process process = Launched.builder(directory, command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    String line = process.inputReader().readLine();
    if (line == null || !line.startsWith(READY + "127.0.0.1:")) {
      process.destroyForcibly();
      throw new IOException("not ready, said " + line + "\n" + Files.readString(log));
    }
    return new LaunchedServer(process, "jdbc:treaty://" + line.substring(READY.length()) + "/", log);
  }

  /** Ends it at once. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
