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
final class ChildJvm implements AutoCloseable {

  /** How a process ends that is killed. */
  private static final int SIGKILLED = 128 + 9;

  private final Process process;
  private final BufferedReader lines;

  ChildJvm(Class<?> main, String... arguments) throws IOException {
    this(List.of("-Xmx256m"), main, arguments);
  }

  /** {@code limits}: options of the JVM that bound its memory. */
  ChildJvm(List<String> limits, Class<?> main, String... arguments) throws IOException {
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
  String line() throws IOException {
    return lines.readLine();
  }

  /** Reads up to the line {@code expected}. */
  void await(String expected) throws IOException {
    String line = line();
    while (!expected.equals(line)) {
      if (line == null) {
        throw new AssertionError("the child process ended before it said: " + expected);
      }
      line = line();
    }
  }

  /** Gives it some time, but not longer. */
  void letRun(long micros) throws InterruptedException {
    process.waitFor(micros, TimeUnit.MICROSECONDS);
  }

  /** SIGKILL; returns what it had printed and nobody had read. */
  List<String> kill() throws IOException, InterruptedException {
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
  void killRunning() throws IOException, InterruptedException {
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
