package org.treatydb.examples.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a benchmark run by a test has printed. */
final class Figures {

  private final List<String> lines = new ArrayList<>();

  Report report() {
    return new Report(lines::add, progress -> { });
  }

  /** Every figure by its name. */
  Map<String, Double> all() {
    Map<String, Double> figures = new TreeMap<>();
    for (String line : lines) {
      if (line.startsWith("figure ")) {
        String[] words = line.split(" ");
        assertTrue(words.length == 4, line);
        assertTrue(figures.put(words[1], Double.valueOf(words[2])) == null, "twice: " + line);
      }
    }
    return figures;
  }

  void assertPositive(String... names) {
    Map<String, Double> figures = all();
    for (String name : names) {
      Double value = figures.get(name);
      assertTrue(value != null && value > 0 && Double.isFinite(value), name + " = " + value);
    }
  }

  List<String> lines() {
    return lines;
  }
}
