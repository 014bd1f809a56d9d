package org.treatydb.kv.enclave.store;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import org.treatydb.kv.boundary.Clock;

/**
 * Which timestamps are being read at, so that the versions they see are kept, for some time; and up to which commits are
 * visible. Thread-safe.
 */
final class SnapshotRegistry {

  /** {@code openedNanos}: when the youngest of them was opened. */
  private record Readers(int count, long openedNanos) {}

  private final Clock clock;
  private final long ageNanosMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<Long, Readers> readers = new TreeMap<>();
  private long visible;

  /** {@code ageMax}: how long versions are kept for a snapshot. */
  SnapshotRegistry(long visible, Clock clock, Duration ageMax) {
    this.visible = visible;
    this.clock = clock;
    this.ageNanosMax = TimeUnit.NANOSECONDS.convert(ageMax);
  }

  /** Makes commits up to {@code timestamp} visible to those who open a snapshot from now on. */
  void publish(long timestamp) {
    lock.lock();
    try {
      visible = Math.max(visible, timestamp);
    } finally {
      lock.unlock();
    }
  }

  /** Opens a snapshot of all that is visible and returns its timestamp. */
  long open() {
    long now = clock.nanoTime();
    lock.lock();
    try {
      readers.merge(visible, new Readers(1, now), (before, one) -> new Readers(before.count + 1, now));
      return visible;
    } finally {
      lock.unlock();
    }
  }

  void close(long timestamp) {
    lock.lock();
    try {
      readers.computeIfPresent(
          timestamp, (key, before) -> before.count == 1 ? null : new Readers(before.count - 1, before.openedNanos));
    } finally {
      lock.unlock();
    }
  }

  /** No reader, present or future, reads at a smaller timestamp. */
  long oldestOpen() {
    lock.lock();
    try {
      return readers.isEmpty() ? visible : Math.min(visible, readers.firstKey());
    } finally {
      lock.unlock();
    }
  }

  /** The timestamps that present readers read at. */
  long[] openPoints() {
    lock.lock();
    try {
      return readers.keySet().stream().mapToLong(each -> each).toArray();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The timestamps that present readers read at, ascending, without those for which versions have been kept long enough; and last the
   * smallest that a future reader may read at.
   */
  long[] readPoints() {
    long now = clock.nanoTime();
    lock.lock();
    try {
      LongStream kept = readers.headMap(visible).entrySet().stream()
          .filter(each -> now - each.getValue().openedNanos < ageNanosMax).mapToLong(Map.Entry::getKey);
      return LongStream.concat(kept, LongStream.of(visible)).toArray();
    } finally {
      lock.unlock();
    }
  }
}
