package org.treatydb.examples.cluster;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.treatydb.examples.process.JavaProcess;
import org.treatydb.jdbc.cli.Treaty;

/** The launcher's command as a process of its own. What it prints is kept; what it logs goes to a file. */
final class TreatyProcess {

  /** For processes that live for a minute, five of them on one machine: what takes long to compile does not pay. */
  private static final List<String> FLAGS = List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  private static final long END_SECONDS_MAX = 60;

  private final Process process;
  private final Path log;
  private final long logStart;
  private final List<String> printed = new ArrayList<>();
  private final CompletableFuture<String> firstLine = new CompletableFuture<>();
  private final Thread reader = Thread.ofVirtual().unstarted(this::read);

  private TreatyProcess(Process process, Path log, long logStart) {
    this.process = process;
    this.log = log;
    this.logStart = logStart;
  }

  /**
   * Starts it.
   *
   * @param state where it keeps what a user's processes share, such as the sockets for administration
   * @param log where its log is appended to
   */
  static TreatyProcess start(Path directory, Path state, Path log, List<String> arguments) throws IOException {
    File logFile = log.toFile();
    ProcessBuilder builder = new ProcessBuilder(JavaProcess.command(FLAGS, Treaty.class, arguments.toArray(String[]::new)))
        .directory(directory.toFile())
        .redirectError(ProcessBuilder.Redirect.appendTo(logFile));
    builder.environment().put("XDG_STATE_HOME", state.toString());
    long logStart = logFile.length();
    TreatyProcess started = new TreatyProcess(builder.start(), log, logStart);
    started.reader.start();
    return started;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        printed.add(line);
        firstLine.complete(line);
      }
    } catch (IOException e) {
      firstLine.completeExceptionally(e);
    }
    firstLine.completeExceptionally(new IOException("the process has ended"));
  }

  /** Waits until it says that it serves, and gives that line; fails if it ends, or takes too long. */
  String awaitReady(long secondsMax) throws IOException, InterruptedException {
    try {
      return firstLine.get(secondsMax, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("process " + pid() + " does not serve; the end of its log, " + log + ", is: " + lastWords(), e);
    }
  }

  /** Waits until it ends by itself, and gives its exit status. */
  int awaitEnd(long secondsMax) throws IOException, InterruptedException {
    if (!process.waitFor(secondsMax, TimeUnit.SECONDS)) {
      throw new IOException("process " + pid() + " goes on, which it should not; the end of its log, " + log + ", is: " + lastWords());
    }
    reader.join();
    return process.exitValue();
  }

  /** Waits until it ends, which must be well, and gives what it printed. */
  List<String> output() throws IOException, InterruptedException {
    int status = awaitEnd(END_SECONDS_MAX);
    if (status != 0) {
      throw new IOException("process " + pid() + " ended with status " + status + ": " + lastWords());
    }
    return List.copyOf(printed);
  }

  /** Tells it to end (SIGTERM), and waits for that. */
  void end() throws IOException, InterruptedException {
    process.destroy();
    awaitEnd(END_SECONDS_MAX);
  }

  /** Ends it at once (SIGKILL), and waits for that. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** What this process, and no earlier one with the same file, has logged. */
  List<String> logged() throws IOException {
    byte[] bytes = Files.readAllBytes(log);
    return new String(bytes, (int) logStart, bytes.length - (int) logStart, StandardCharsets.UTF_8).lines().toList();
  }

  /** The last line of its log. */
  String lastWords() throws IOException {
    List<String> lines = logged();
    return lines.isEmpty() ? "empty" : lines.getLast();
  }
}
