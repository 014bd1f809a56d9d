package org.treatydb.dist.simulation;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What has happened in a run, as one number that any difference changes; and for people, if wanted, as lines. */
final class Trace {

  private final Consumer<String> lines;
  private long hash = 0x9E3779B97F4A7C15L;
  private long events;

  /** {@code lines}: gets what people can read; null if nobody does. */
  Trace(Consumer<String> lines) {
    this.lines = lines;
  }

  void mix(long value) {
    hash = Long.rotateLeft(hash ^ value, 27) * 0x3C79AC492BA7B653L + 0x1C69B3F74AC4AE35L;
    events++;
  }

  void mix(byte[] bytes) {
    long sum = bytes.length;
    for (byte each : bytes) {
      sum = sum * 31 + each;
    }
    mix(sum);
  }

  /** Something worth a line. What it says is part of the hash only as far as {@code what} has been mixed in. */
  void line(long nowNanos, String who, Supplier<String> what) {
    if (lines != null) {
      lines.accept(String.format(Locale.ROOT, "%12.6f s  %-8s %s", nowNanos / 1e9, who, what.get()));
    }
  }

  boolean isRead() {
    return lines != null;
  }

  long hash() {
    return hash;
  }

  long events() {
    return events;
  }
}
