package org.treatydb.kv.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real process that runs a main class of the tests, and can be killed as the kernel kills. */
public final class ChildJvm implements AutoCloseable {

  /** How a process ends that is killed. */
  private static final int SIGKILLED = 128 + 9;

  private final Process process;
  private final BufferedReader lines;

  public ChildJvm(Class<?> main, String... arguments) throws IOException {
    this(List.of("-Xmx256m"), main, arguments);
  }

  /** {@code limits}: options of the JVM that bound its memory. */
  public ChildJvm(List<String> limits, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
        "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
        "-cp", System.getProperty("java.class.path")));
    command.addAll(limits);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** The next line it printed; null when it has ended. */
  public String line() throws IOException {
    return lines.readLine();
  }

  /** Reads up to the line {@code expected}. */
  public void await(String expected) throws IOException {
    String line = line();
    while (!expected.equals(line)) {
      if (line == null) {
        throw new AssertionError("the child process ended before it said: " + expected);
      }
      line = line();
    }
  }

  /** Writes a line to its standard input; no effect if it has ended. */
  public void tell(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      // Its end of the pipe is closed: what it printed before it ended says so.
    }
  }

  /** Waits until it has ended; whether by SIGKILL. */
  public boolean wasKilled() throws InterruptedException {
    return process.waitFor() == SIGKILLED;
  }

  /** Gives it some time, but not longer. */
  public void letRun(long micros) throws InterruptedException {
    process.waitFor(micros, TimeUnit.MICROSECONDS);
  }

  /** SIGKILL; returns what it had printed and nobody had read. */
  public List<String> kill() throws IOException, InterruptedException {
    // Through its handle: the process object would close our end of the pipe, too, with what is still in it.
    process.toHandle().destroyForcibly();
    process.waitFor();
    List<String> rest = new ArrayList<>();
    for (String line = line(); line != null; line = line()) {
      rest.add(line);
    }
    return rest;
  }

  /**
   * SIGKILL.
   *
   * @throws AssertionError if it had ended by itself
   */
  public void killRunning() throws IOException, InterruptedException {
    kill();
    if (process.exitValue() != SIGKILLED) {
      throw new AssertionError("the child process ended by itself, with " + process.exitValue());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
