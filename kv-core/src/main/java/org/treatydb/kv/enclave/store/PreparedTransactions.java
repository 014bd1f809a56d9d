package org.treatydb.kv.enclave.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.enclave.wal.WalRecord;

/**
 * The transactions that are prepared here: from before their record is in the WAL until what was decided is visible, or they are
 * aborted. Thread-safe.
 */
final class PreparedTransactions {

  private static final long LOOK_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

  private final Clock clock;
  private final Health health;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<TransactionId, Entry> entries = new HashMap<>();
  private final Set<Thread> waiting = new LinkedHashSet<>();

  PreparedTransactions(Clock clock, Health health) {
    this.clock = clock;
    this.health = health;
  }

  /**
   * A prepared transaction. Immutable.
   *
   * @param vote it commits at this timestamp or above
   * @param counter of the WAL's record that prepares it
   * @param decision where in the WAL it is decided, and how; null as long as it is not
   */
  record Entry(TransactionId id, long vote, long counter, List<WalRecord.Write> writes, Decision decision) {

    boolean isDecided() {
      return decision != null;
    }

    /** The smallest timestamp at which it may become visible. */
    private long earliest() {
      return decision == null ? vote : decision.timestamp;
    }
  }

  record Decision(long timestamp, long counter) {}

  void add(TransactionId id, long vote, long counter, List<WalRecord.Write> writes) {
    lock.lock();
    try {
      entries.put(id, new Entry(id, vote, counter, writes, null));
    } finally {
      lock.unlock();
    }
  }

  /** Null if it is not prepared. */
  Entry find(TransactionId id) {
    lock.lock();
    try {
      return entries.get(id);
    } finally {
      lock.unlock();
    }
  }

  /** It is about to be committed by the WAL's record {@code counter}. */
  void decide(TransactionId id, long timestamp, long counter) {
    change(() -> entries.computeIfPresent(
        id, (key, entry) -> new Entry(id, entry.vote, entry.counter, entry.writes, new Decision(timestamp, counter))));
  }

  void remove(TransactionId id) {
    change(() -> entries.remove(id));
  }

  private void change(Runnable what) {
    lock.lock();
    try {
      what.run();
      waiting.forEach(LockSupport::unpark);
    } finally {
      lock.unlock();
    }
  }

  /** Those not decided, by their votes. */
  List<Entry> undecided() {
    lock.lock();
    try {
      return entries.values().stream().filter(entry -> !entry.isDecided())
          .sorted(Comparator.comparingLong(Entry::vote).thenComparingLong(Entry::counter)).toList();
    } finally {
      lock.unlock();
    }
  }

  /** The oldest WAL record that prepares one of them; {@link Long#MAX_VALUE} if there is none. */
  long firstRecord() {
    lock.lock();
    try {
      return entries.values().stream().mapToLong(Entry::counter).min().orElse(Long.MAX_VALUE);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when none of those there are now can become visible at {@code timestamp} or below any more.
   *
   * @throws KvException.Retryable with LOCK_TIMEOUT if that takes too long
   */
  void awaitNoneUpTo(long timestamp, long nanosMax) {
    List<TransactionId> blockers = blockers(timestamp);
    if (blockers.isEmpty()) {
      return;
    }
    long begun = clock.nanoTime();
    register();
    try {
      while (anyBlocks(blockers, timestamp)) {
        health.check();
        long waited = clock.nanoTime() - begun;
        if (waited >= nanosMax || Thread.currentThread().isInterrupted()) {
          throw new KvException.Retryable(
              ErrorCode.LOCK_TIMEOUT, "transactions below the snapshot were not decided in time; run the transaction again");
        }
        clock.parkUntil(this, begun + waited + Math.min(LOOK_NANOS_MAX, nanosMax - waited));
      }
    } finally {
      unregister();
    }
  }

  private List<TransactionId> blockers(long timestamp) {
    lock.lock();
    try {
      List<TransactionId> blockers = new ArrayList<>();
      for (Entry entry : entries.values()) {
        if (entry.earliest() <= timestamp) {
          blockers.add(entry.id);
        }
      }
      return blockers;
    } finally {
      lock.unlock();
    }
  }

  private boolean anyBlocks(List<TransactionId> blockers, long timestamp) {
    lock.lock();
    try {
      return blockers.stream().map(entries::get).anyMatch(entry -> entry != null && entry.earliest() <= timestamp);
    } finally {
      lock.unlock();
    }
  }

  private void register() {
    lock.lock();
    try {
      waiting.add(Thread.currentThread());
    } finally {
      lock.unlock();
    }
  }

  private void unregister() {
    lock.lock();
    try {
      waiting.remove(Thread.currentThread());
    } finally {
      lock.unlock();
    }
  }
}
