package org.treatydb.examples.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Prints figures: one line a figure, for people above, for programs behind the word {@code figure}. Each is printed as
 * soon as it is known. What the benchmark is doing meanwhile goes elsewhere.
 */
final class Report {

  private final Consumer<String> lines;
  private final Consumer<String> progress;
  private final long start = System.nanoTime();

  /** Gives each line of the report to {@code lines}, and what is being done to {@code progress}. */
  Report(Consumer<String> lines, Consumer<String> progress) {
    this.lines = lines;
    this.progress = progress;
  }

  void title(String text) {
    lines.accept("");
    lines.accept(text);
  }

  /** A line for people. */
  void say(String format, Object... arguments) {
    lines.accept("  " + String.format(Locale.ROOT, format, arguments));
  }

  /** What is being done now. */
  void progress(String format, Object... arguments) {
    long seconds = (System.nanoTime() - start) / 1_000_000_000;
    progress.accept("[%d:%02d] ".formatted(seconds / 60, seconds % 60) + String.format(Locale.ROOT, format, arguments));
  }

  void figure(String name, double value, String unit) {
    lines.accept(String.format(Locale.ROOT, "figure %s %.3f %s", name, value, unit));
  }

  /** Prints the medians of both sides and the median of the ratios ours / theirs, pair by pair. */
  void compare(String name, Series series, String unit) {
    double[] ours = series.of(EngineUnderTest.Kind.TREATY);
    double[] theirs = series.of(EngineUnderTest.Kind.ROCKSDB);
    figure(name + "_treaty", median(ours), unit);
    figure(name + "_rocksdb", median(theirs), unit);
    figure(name + "_ratio", medianRatio(ours, theirs), "x");
  }

  static double medianRatio(double[] ours, double[] theirs) {
    double[] ratios = new double[ours.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours[i] / theirs[i];
    }
    return median(ratios);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
