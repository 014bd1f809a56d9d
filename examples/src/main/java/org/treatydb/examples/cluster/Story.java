package org.treatydb.examples.cluster;

import java.util.List;
import java.util.Locale;

/** What is told to whoever watches: numbered steps, and below each what happened when. Not thread-safe. */
final class Story {

  private static final double NANOS_PER_SECOND = 1e9;

  private final long start = System.nanoTime();
  private int steps;

  /** Begins the next step. */
  void step(String title) {
    System.out.println();
    System.out.println(++steps + ". " + title);
  }

  /** Tells what happened, with the seconds since the beginning. */
  void tell(String text) {
    System.out.println(String.format(Locale.ROOT, "  %6.1f s  %s", (System.nanoTime() - start) / NANOS_PER_SECOND, text));
  }

  /** Shows what a command has printed. */
  void show(List<String> lines) {
    lines.forEach(line -> System.out.println("            | " + line));
  }

  /** Ends the story. */
  void end(String text) {
    System.out.println();
    System.out.println(text);
  }
}
