package org.treatydb.examples.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/** Prints figures: one line a figure, for people above, for programs behind the word {@code figure}. */
final class Report {

  private final Consumer<String> lines;

  /** Gives each line to {@code lines}. */
  Report(Consumer<String> lines) {
    this.lines = lines;
  }

  void title(String text) {
    lines.accept("");
    lines.accept(text);
  }

  void figure(String name, double value, String unit) {
    lines.accept(String.format(Locale.ROOT, "figure %s %.3f %s", name, value, unit));
  }

  /** Prints the medians of both sides and the median of the ratios ours / theirs, pair by pair. */
  void compare(String name, double[] ours, double[] theirs, String unit) {
    double[] ratios = new double[ours.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours[i] / theirs[i];
    }
    figure(name + "_treaty", median(ours), unit);
    figure(name + "_rocksdb", median(theirs), unit);
    figure(name + "_ratio", median(ratios), "x");
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
