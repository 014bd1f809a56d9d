package org.treatydb.kv.enclave.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.wal.WalRecord;

/**
 * Draws timestamps and appends to the WAL, in one order. In a cluster it also sees to it that the clock stays below a limit that the WAL
 * tells to the next boot: that is set anew before the clock comes near it, so that nobody waits for it. Thread-safe.
 */
final class CommitOrder {

  private static final long LIMIT_AHEAD = HybridClock.span(Duration.ofSeconds(10));

  private final ReentrantLock lock = new ReentrantLock();
  private final HybridClock clock;
  private final SealedLog<WalRecord> wal;
  private final PreparedTransactions prepared;
  private final UnstableWrites unstable;
  private final Health health;
  private final StoreRole role;
  private final ThreadFactory threads;
  private long lastAppended;
  /** Commits that may not be visible yet, the oldest first. */
  private final ArrayDeque<Appended> underWay = new ArrayDeque<>();
  private volatile long visible;
  private volatile Limit asked;
  private volatile Limit stable;
  private final AtomicBoolean settingLimit = new AtomicBoolean();

  /**
   * Goes on with {@code wal}.
   *
   * @param appended the counter of its last record
   * @param limit the newest that was found in it
   */
  CommitOrder(
      HybridClock clock, SealedLog<WalRecord> wal, long appended, Limit limit, PreparedTransactions prepared, UnstableWrites unstable,
      Health health, StoreRole role, ThreadFactory threads) {
    this.clock = clock;
    this.wal = wal;
    this.lastAppended = appended;
    this.asked = limit;
    this.stable = limit;
    this.prepared = prepared;
    this.unstable = unstable;
    this.health = health;
    this.role = role;
    this.threads = threads;
  }

  /** A record and the timestamp in it. */
  record Appended(long counter, long timestamp) {}

  /** The WAL's record {@code counter} says that the clock may go as far as {@code timestamp}. */
  record Limit(long counter, long timestamp) {
    static final Limit NONE = new Limit(Long.MAX_VALUE, 0);
  }

  /** Lets the clock run. To be called once, before anything else. */
  void begin() {
    promise(clock.next(0));
  }

  /** The newest timestamp; of a node, no later boot draws one at or below it. */
  long clock() {
    return clock.last();
  }

  /** The newest limit that is stable. */
  Limit limit() {
    return stable;
  }

  void limitStable(long counter, long timestamp) {
    stable = new Limit(counter, timestamp);
  }

  /**
   * Every timestamp drawn from now on, in later boots, too, is above {@code timestamp}. Waits for nothing, not for the lock either, unless
   * it is above the limit. Nodes merge each other's clocks while they confirm each other's logs, and do not wait in a circle: a clock is
   * never above its own limit, so each waits only for one whose limit is lower.
   */
  void merge(long timestamp) {
    if (timestamp <= clock.last()) {
      return;
    }
    requirePossible(timestamp);
    if (role == StoreRole.NODE) {
      promise(timestamp);
    }
    clock.advanceTo(timestamp);
  }

  private static void requirePossible(long timestamp) {
    if (timestamp > HybridClock.TIMESTAMP_MAX) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "no clock goes as far as " + timestamp);
    }
  }

  /** A timestamp above {@code floor} that nothing is logged with. */
  long draw(long floor) {
    return drawing(floor, timestamp -> timestamp);
  }

  /** Draws a timestamp above {@code floor} and does {@code step} with it, before any other is drawn here. */
  private <T> T drawing(long floor, LongFunction<T> step) {
    requirePossible(floor);
    while (true) {
      lock.lock();
      try {
        long timestamp = clock.draw(floor, role == StoreRole.ALONE ? Long.MAX_VALUE : stable.timestamp);
        if (timestamp > 0) {
          setLimitFor(timestamp);
          return step.apply(timestamp);
        }
      } finally {
        lock.unlock();
      }
      promise(clock.next(floor));
    }
  }

  /** Sees to it that no later boot draws {@code timestamp} or a smaller one. */
  private void promise(long timestamp) {
    while (timestamp > stable.timestamp) {
      awaitStable(setLimitFor(timestamp));
    }
    if (isNear(timestamp) && settingLimit.compareAndSet(false, true)) {
      threads.newThread(() -> setLimitBeside(timestamp)).start();
    }
  }

  private boolean isNear(long timestamp) {
    return timestamp > asked.timestamp - LIMIT_AHEAD / 2;
  }

  private void setLimitBeside(long timestamp) {
    try {
      awaitStable(setLimitFor(timestamp));
    } catch (KvException e) {
      // Whoever needs the limit meets that, too; or the store is closing.
    } finally {
      settingLimit.set(false);
    }
  }

  /** Appends a new limit if {@code timestamp} is near the last one, or above; the counter of the last one's record then. */
  private long setLimitFor(long timestamp) {
    if (role == StoreRole.ALONE) {
      return 0;
    }
    lock.lock();
    try {
      if (isNear(timestamp)) {
        long limit = Math.max(timestamp, clock.next(0)) + LIMIT_AHEAD;
        asked = new Limit(append(new WalRecord.ClockLimit(limit)), limit);
      }
      return asked.counter;
    } finally {
      lock.unlock();
    }
  }

  /** Fails the store if that fails. */
  void awaitStable(long counter) {
    try {
      wal.awaitStable(counter);
    } catch (RuntimeException e) {
      health.fail(e);
      throw e;
    }
  }

  /** Appends a record behind all others. Fails the store if the log fails, which it may, to make room for the record. */
  long append(WalRecord record) {
    lock.lock();
    try {
      lastAppended = wal.append(record);
      return lastAppended;
    } catch (KvException.Unavailable | KvException.IntegrityViolation e) {
      health.fail(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  Appended commit(TransactionId transaction, long floor, long ceiling, List<WalRecord.Write> writes) {
    return drawing(floor, timestamp -> {
      if (timestamp > ceiling) {
        throw new KvException.Retryable(
            ErrorCode.SERIALIZATION_CONFLICT, "the clocks of the nodes are too far apart for this commit; run the transaction again");
      }
      Appended commit = new Appended(appendWrites(new WalRecord.Commit(transaction, timestamp, writes)), timestamp);
      if (role == StoreRole.NODE) {
        forgetVisible();
        underWay.addLast(commit);
      }
      return commit;
    });
  }

  /** The writes can be found as unstable before anybody can make them stable. */
  private long appendWrites(WalRecord.Commit commit) {
    long counter = lastAppended + 1;
    unstable.add(counter, commit.writes());
    try {
      return append(commit);
    } catch (RuntimeException e) {
      unstable.remove(counter, commit.writes());
      throw e;
    }
  }

  Appended prepare(TransactionId transaction, long floor, List<WalRecord.Write> writes) {
    return drawing(floor, timestamp -> {
      prepared.add(transaction, timestamp, lastAppended + 1, writes);
      try {
        return new Appended(append(new WalRecord.Prepared(transaction, timestamp, writes)), timestamp);
      } catch (RuntimeException e) {
        prepared.remove(transaction);
        throw e;
      }
    });
  }

  /** The WAL's record that commits it; 0 if it is not prepared. */
  long commitPrepared(TransactionId transaction, long timestamp) {
    merge(timestamp);
    lock.lock();
    try {
      PreparedTransactions.Entry entry = prepared.find(transaction);
      if (entry == null) {
        return 0;
      }
      if (entry.isDecided()) {
        return entry.decision().counter();
      }
      if (timestamp < entry.vote()) {
        throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "no transaction commits below its vote");
      }
      prepared.decide(transaction, timestamp, lastAppended + 1);
      try {
        return append(new WalRecord.Decided(transaction, timestamp));
      } catch (RuntimeException e) {
        prepared.add(transaction, entry.vote(), entry.counter(), entry.writes());
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  /** False if it is not prepared, or decided already. */
  boolean abortPrepared(TransactionId transaction) {
    lock.lock();
    try {
      PreparedTransactions.Entry entry = prepared.find(transaction);
      if (entry == null || entry.isDecided()) {
        return false;
      }
      append(new WalRecord.Decided(transaction, WalRecord.Decided.ABORTED));
      prepared.remove(transaction);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when all commits appended so far at or below {@code timestamp} are visible, but for those that were prepared.
   */
  void awaitCommitsUpTo(long timestamp) {
    long counter = 0;
    lock.lock();
    try {
      forgetVisible();
      Iterator<Appended> newestFirst = underWay.descendingIterator();
      while (counter == 0 && newestFirst.hasNext()) {
        Appended commit = newestFirst.next();
        counter = commit.timestamp <= timestamp ? commit.counter : 0;
      }
    } finally {
      lock.unlock();
    }
    if (counter > 0) {
      awaitStable(counter);
    }
  }

  /** All in the WAL up to its record {@code counter} is visible. */
  void visibleUpTo(long counter) {
    visible = counter;
  }

  private void forgetVisible() {
    while (!underWay.isEmpty() && underWay.getFirst().counter <= visible) {
      underWay.removeFirst();
    }
  }

  /**
   * Gives {@code step} the next timestamp, at a moment when every commit before is visible and none after has begun. It may append.
   */
  void alone(LongConsumer step) {
    drawing(0, timestamp -> {
      wal.awaitStable(lastAppended);
      step.accept(timestamp);
      return timestamp;
    });
  }
}
