package org.treatydb.kv.enclave.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** Those who read at one timestamp. Once nobody holds them, nobody does again. */
  private static final class Readers {
    private final long timestamp;
    private final AtomicInteger holds = new AtomicInteger(1);
    /** About when the youngest was opened. */
    private volatile long openedNanos;

    /** Begins with one hold. */
    Readers(long timestamp, long now) {
      this.timestamp = timestamp;
      this.openedNanos = now;
    }

    boolean tryHold(long now) {
      openedNanos = now;
      int seen = holds.get();
      while (seen > 0 && !holds.compareAndSet(seen, seen + 1)) {
        seen = holds.get();
      }
      return seen > 0;
    }
  }

  /** What was {@link #visible} at a time. */
  private record Past(long nanos, long visible) {}

  private static final long PAST_STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Clock clock;
  private final long ageNanosMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final ConcurrentNavigableMap<Long, Readers> readers = new ConcurrentSkipListMap<>();
  private long visible;
  /** Those who read at {@link #visible}, held by this registry, too. */
  private volatile Readers newest;
  /** How late readers may come; 0: not at all. */
  private long lateNanosMax;
  /** Oldest first: one that is old enough, and all since. Empty if nobody may come late. */
  private final Deque<Past> past = new ArrayDeque<>();

  /** {@code ageMax}: how long versions are kept for a snapshot. */
  SnapshotRegistry(long visible, Clock clock, Duration ageMax) {
    this.visible = visible;
    this.clock = clock;
    this.ageNanosMax = TimeUnit.NANOSECONDS.convert(ageMax);
    this.newest = holding(visible);
  }

  /** Makes commits up to {@code timestamp} visible to those who open a snapshot from now on. */
  void publish(long timestamp) {
    lock.lock();
    try {
      futureBound();
      if (timestamp > visible) {
        visible = timestamp;
        Readers before = newest;
        newest = holding(timestamp);
        release(before);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The readers at {@code timestamp}, with one hold more. */
  private Readers holding(long timestamp) {
    long now = clock.nanoTime();
    while (true) {
      Readers there = readers.get(timestamp);
      if (there == null) {
        Readers begun = new Readers(timestamp, now);
        if (readers.putIfAbsent(timestamp, begun) == null) {
          return begun;
        }
      } else if (there.tryHold(now)) {
        return there;
      } else {
        readers.remove(timestamp, there);
      }
    }
  }

  private void release(Readers held) {
    if (held.holds.decrementAndGet() == 0) {
      readers.remove(held.timestamp, held);
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

  /** Opens a snapshot of all that is visible and returns its timestamp. Takes no lock. */
  long open() {
    long now = clock.nanoTime();
    while (true) {
      Readers seen = newest;
      if (seen.tryHold(now)) {
        return seen.timestamp;
      }
      Thread.onSpinWait();
    }
  }

  /**
   * Opens a snapshot at {@code timestamp}, whether that is visible or not.
   *
   * @throws KvException.Retryable if versions may be gone that are needed for it
   */
  void open(long timestamp) {
    lock.lock();
    try {
      if (timestamp < futureBound()) {
        throw new KvException.Retryable(
            ErrorCode.SERIALIZATION_CONFLICT, "the transaction came too late with its snapshot; run it again");
      }
      holding(timestamp);
    } finally {
      lock.unlock();
    }
  }

  void close(long timestamp) {
    Readers seen = newest;
    release(seen.timestamp == timestamp ? seen : readers.get(timestamp));
  }

  /** No reader, present or future, reads at a smaller timestamp. */
  long oldestOpen() {
    lock.lock();
    try {
      long bound = futureBound();
      return Math.min(bound, readers.firstKey());
    } finally {
      lock.unlock();
    }
  }

  /** The timestamps that present readers read at. */
  long[] openPoints() {
    lock.lock();
    try {
      return readers.values().stream()
          .filter(each -> each.holds.get() > (each == newest ? 1 : 0)).mapToLong(each -> each.timestamp).toArray();
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
      LongStream kept = readers.headMap(bound).values().stream()
          .filter(each -> now - each.openedNanos < ageNanosMax).mapToLong(each -> each.timestamp);
      return LongStream.concat(kept, LongStream.of(bound)).toArray();
    } finally {
      lock.unlock();
    }
  }
}
