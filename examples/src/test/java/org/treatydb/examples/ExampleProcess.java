package org.treatydb.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.treatydb.examples.process.JavaProcess;

/** Runs a main class of the examples as a process of its own, as a user would, and gives what it printed. */
public final class ExampleProcess {

  /** For processes that live for seconds. */
  private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private ExampleProcess() {}

  public static String run(Path directory, Class<?> main, String... arguments) throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    Process process = new ProcessBuilder(JavaProcess.command(FLAGS, main, arguments))
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    int status = process.waitFor();
    String text = Files.readString(output);
    assertEquals(0, status, text);
    return text;
  }
}
