package org.treatydb.kv.enclave.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;

/**
 * Which timestamps are being read at, so that the versions they see are kept, for some time; and up to which commits are
 * visible. Thread-safe.
 */
final class SnapshotRegistry {

  /** {@code openedNanos}: when the youngest of them was opened. */
  private record Readers(int count, long openedNanos) {}

  /** What was {@link #visible} at a time. */
  private record Past(long nanos, long visible) {}

  private static final long PAST_STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Clock clock;
  private final long ageNanosMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<Long, Readers> readers = new TreeMap<>();
  private long visible;
  /** How late readers may come; 0: not at all. */
  private long lateNanosMax;
  /** Oldest first: one that is old enough, and all since. Empty if nobody may come late. */
  private final Deque<Past> past = new ArrayDeque<>();

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
      futureBound();
      visible = Math.max(visible, timestamp);
    } finally {
      lock.unlock();
    }
  }

  /**
   * From now on, readers may {@linkplain #open(long) come} with the timestamp of something that was visible so long ago, but not before
   * now.
   */
  void admitLate(Duration max) {
    lock.lock();
    try {
      lateNanosMax = TimeUnit.NANOSECONDS.convert(max);
      past.clear();
      past.addLast(new Past(clock.nanoTime(), visible));
    } finally {
      lock.unlock();
    }
  }

  /** From now on, nobody comes with a smaller timestamp than what is visible now. */
  void admitNoneBefore() {
    lock.lock();
    try {
      if (lateNanosMax > 0) {
        past.clear();
        past.addLast(new Past(clock.nanoTime(), visible));
      }
    } finally {
      lock.unlock();
    }
  }

  /** The smallest timestamp that a reader may still come with. */
  private long futureBound() {
    if (lateNanosMax == 0) {
      return visible;
    }
    long now = clock.nanoTime();
    if (now - past.getLast().nanos >= PAST_STEP_NANOS) {
      past.addLast(new Past(now, visible));
    }
    Past oldest = past.pollFirst();
    while (!past.isEmpty() && now - past.getFirst().nanos >= lateNanosMax) {
      oldest = past.pollFirst();
    }
    past.addFirst(oldest);
    return oldest.visible;
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

  /**
   * Opens a snapshot at {@code timestamp}, whether that is visible or not.
   *
   * @throws KvException.Retryable if versions may be gone that are needed for it
   */
  void open(long timestamp) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      if (timestamp < futureBound()) {
        throw new KvException.Retryable(
            ErrorCode.SERIALIZATION_CONFLICT, "the transaction came too late with its snapshot; run it again");
      }
      readers.merge(timestamp, new Readers(1, now), (before, one) -> new Readers(before.count + 1, now));
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
      long bound = futureBound();
      return readers.isEmpty() ? bound : Math.min(bound, readers.firstKey());
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
      long bound = futureBound();
      LongStream kept = readers.headMap(bound).entrySet().stream()
          .filter(each -> now - each.getValue().openedNanos < ageNanosMax).mapToLong(Map.Entry::getKey);
      return LongStream.concat(kept, LongStream.of(bound)).toArray();
    } finally {
      lock.unlock();
    }
  }
}
