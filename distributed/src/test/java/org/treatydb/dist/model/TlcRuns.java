package org.treatydb.dist.model;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tlc2.TLC;
import util.ToolIO;

/** A process that runs TLC over the module {@code Check} in each of the directories it is given, one after the other. */
final class TlcRuns {

  /** The file in a directory with what TLC has said, once it has ended. */
  static final String OUTPUT = "output";

  private TlcRuns() {}

  /** One worker and given hash functions: each run goes the same way, and finds the shortest trace. */
  private static String[] arguments(Path directory) {
    return new String[] {
        "-workers", "1", "-fp", "0", "-seed", "0", "-metadir", directory.toString(), directory.resolve("Check.tla").toString()};
  }

  public static void main(String[] directories) throws Exception {
    for (String each : directories) {
      Path directory = Path.of(each);
      Path running = directory.resolve("running");
      try (PrintStream out = new PrintStream(Files.newOutputStream(running), false, StandardCharsets.UTF_8)) {
        ToolIO.out = out;
        TLC tlc = new TLC();
        if (tlc.handleParameters(arguments(directory))) {
          tlc.process();
        }
      }
      Files.move(running, directory.resolve(OUTPUT));
    }
    System.exit(0);
  }
}
