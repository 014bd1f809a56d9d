package org.treatydb.kv.enclave.store;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.treatydb.kv.boundary.Clock;

/**
 * Commit timestamps: a hybrid logical clock (Kulkarni et al., 2014). The upper 44 bits are the host's milliseconds, the
 * lower 20 count; but a timestamp is always above the one before, whatever the host's clock does: what it says is taken
 * only up to the year 2109, so that no host can drive timestamps to where adding one overflows. Thread-safe, and waits for nobody.
 */
final class HybridClock {

  /** No clock that was ever merged goes above this one. */
  static final long TIMESTAMP_MAX = Long.MAX_VALUE / 4 * 3;

  private static final int LOGICAL_BITS = 20;
  private static final long MILLIS_MAX = (1L << 42) - 1;

  private final Clock clock;
  private final AtomicLong last;

  HybridClock(Clock clock, long last) {
    this.clock = clock;
    this.last = new AtomicLong(last);
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
    return last.get();
  }

  /** The timestamp above {@code floor} that would be drawn next. */
  long next(long floor) {
    return next(last(), floor);
  }

  private long next(long before, long floor) {
    return Math.max(Math.max(before, floor) + 1, host());
  }

  private long host() {
    return Math.clamp(clock.currentTimeMillis(), 0, MILLIS_MAX) << LOGICAL_BITS;
  }

  /** Draws a timestamp above {@code floor}; 0, and nothing is drawn, if it would be above {@code limit}. */
  long draw(long floor, long limit) {
    while (true) {
      long before = last();
      long next = next(before, floor);
      if (next > limit) {
        return 0;
      }
      if (last.compareAndSet(before, next)) {
        return next;
      }
    }
  }

  /** {@code timestamp} has been drawn elsewhere. */
  void advanceTo(long timestamp) {
    last.accumulateAndGet(timestamp, Math::max);
  }
}
