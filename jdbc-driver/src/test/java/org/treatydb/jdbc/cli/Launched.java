package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What one run of a command gave. */
record Launched(int exitCode, String out, String err) {

  static final Path SCRIPT = Path.of("bin", "treaty").toAbsolutePath();

  private static final long SECONDS_MAX = 120;
  /** For processes that live for seconds: half the processor time. */
  private static final String JAVA_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  /** Runs {@code bin/treaty} to its end, with the given text on its standard input. */
  static Launched treaty(Path directory, String input, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(Arrays.asList(arguments));
    return run(directory, input, command);
  }

  /** A process in {@code directory}, with its user's state below that. */
  static ProcessBuilder builder(Path directory, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
    builder.environment().put("TREATY_JAVA_OPTIONS", JAVA_OPTIONS);
    return builder;
  }

  static Launched run(Path directory, String input, List<String> command) throws IOException, InterruptedException {
    Path in = Files.writeString(Files.createTempFile(directory, "in", ""), input);
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    Process process = builder(directory, command)
        .redirectInput(in.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile())
        .start();
    try {
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new IOException("still running after " + SECONDS_MAX + " s: " + command);
      }
    } finally {
      process.destroyForcibly();
    }
    return new Launched(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
  }
}
