package org.treatydb.kv.enclave.store;

import java.time.Duration;
import java.time.Instant;
import org.treatydb.kv.boundary.Clock;

/**
 * Commit timestamps: a hybrid logical clock (Kulkarni et al., 2014). The upper 44 bits are the host's milliseconds, the
 * lower 20 count; but a timestamp is always above the one before, whatever the host's clock does: what it says is taken
 * only up to the year 2109, so that no host can drive timestamps to where adding one overflows. One thread at a time
 * changes it, any reads {@link #last}.
 */
final class HybridClock {

  /** No clock that was ever merged goes above this one. */
  static final long TIMESTAMP_MAX = Long.MAX_VALUE / 4 * 3;

  private static final int LOGICAL_BITS = 20;
  private static final long MILLIS_MAX = (1L << 42) - 1;

  private final Clock clock;
  private volatile long last;

  HybridClock(Clock clock, long last) {
    this.clock = clock;
    this.last = last;
  }

  /** The host's time at which {@code timestamp} was drawn, as the host told it. */
  static Instant instant(long timestamp) {
    return Instant.ofEpochMilli(timestamp >>> LOGICAL_BITS);
  }

  /** How far timestamps go in that time. */
  static long span(Duration time) {
    return time.toMillis() << LOGICAL_BITS;
  }

  /** The newest timestamp. */
  long last() {
    return last;
  }

  /** The timestamp to be drawn next, if it is to be above {@code floor}. */
  long above(long floor) {
    return Math.max(Math.max(last, floor) + 1, Math.clamp(clock.currentTimeMillis(), 0, MILLIS_MAX) << LOGICAL_BITS);
  }

  /** {@code timestamp} has been drawn, here or elsewhere. */
  void advanceTo(long timestamp) {
    if (timestamp > last) {
      last = timestamp;
    }
  }
}
