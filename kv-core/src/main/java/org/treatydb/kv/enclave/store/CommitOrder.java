package org.treatydb.kv.enclave.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
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
  private final Health health;
  private final StoreRole role;
  private final ThreadFactory threads;
  private long lastAppended;
  private long lastCommit;
  private Limit asked;
  private volatile Limit stable;

  /**
   * Goes on with {@code wal}.
   *
   * @param appended the counter of its last record
   * @param limit the newest that was found in it
   */
  CommitOrder(
      HybridClock clock, SealedLog<WalRecord> wal, long appended, Limit limit, PreparedTransactions prepared, Health health, StoreRole role,
      ThreadFactory threads) {
    this.clock = clock;
    this.wal = wal;
    this.lastAppended = appended;
    this.asked = limit;
    this.stable = limit;
    this.prepared = prepared;
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
    lock.lock();
    try {
      reserve(clock.above(0), true);
    } finally {
      lock.unlock();
    }
  }

  /** A timestamp that is at or above those of all stable commits, and below which no later boot draws any. */
  long clock() {
    return role == StoreRole.ALONE ? clock.last() : Math.min(clock.last(), stable.timestamp);
  }

  /** The newest limit that is stable. */
  Limit limit() {
    return stable;
  }

  void limitStable(long counter, long timestamp) {
    stable = new Limit(counter, timestamp);
  }

  /** Every timestamp drawn from now on is above {@code timestamp}. */
  void merge(long timestamp) {
    if (timestamp <= clock()) {
      return;
    }
    requirePossible(timestamp);
    lock.lock();
    try {
      reserve(timestamp, true);
      clock.advanceTo(timestamp);
    } finally {
      lock.unlock();
    }
  }

  private static void requirePossible(long timestamp) {
    if (timestamp > HybridClock.TIMESTAMP_MAX) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "no clock goes as far as " + timestamp);
    }
  }

  /** A timestamp above {@code floor} that nothing is logged with. */
  long draw(long floor) {
    requirePossible(floor);
    lock.lock();
    try {
      long next = clock.above(floor);
      reserve(next, true);
      clock.advanceTo(next);
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** The timestamp of the next record, which has to be appended before the lock is given back. */
  private long drawForRecord(long floor) {
    requirePossible(floor);
    long next = clock.above(floor);
    reserve(next, false);
    clock.advanceTo(next);
    return next;
  }

  /**
   * Sees to it that the clock may go to {@code timestamp}: now, if {@code now}; else as soon as what is appended next is stable.
   */
  private void reserve(long timestamp, boolean now) {
    if (role == StoreRole.ALONE) {
      return;
    }
    if (timestamp > asked.timestamp - LIMIT_AHEAD / 2) {
      long limit = Math.max(timestamp, clock.above(0)) + LIMIT_AHEAD;
      asked = new Limit(append(new WalRecord.ClockLimit(limit)), limit);
      long counter = asked.counter;
      threads.newThread(() -> awaitLimit(counter)).start();
    }
    if (now && timestamp > stable.timestamp) {
      awaitStable(asked.counter);
    }
  }

  private void awaitLimit(long counter) {
    try {
      wal.awaitStable(counter);
    } catch (RuntimeException e) {
      health.fail(e);
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

  /** Appends a record behind all others. */
  long append(WalRecord record) {
    lock.lock();
    try {
      lastAppended = wal.append(record);
      return lastAppended;
    } finally {
      lock.unlock();
    }
  }

  Appended commit(TransactionId transaction, long floor, List<WalRecord.Write> writes) {
    lock.lock();
    try {
      long timestamp = drawForRecord(floor);
      lastCommit = append(new WalRecord.Commit(transaction, timestamp, writes));
      return new Appended(lastCommit, timestamp);
    } finally {
      lock.unlock();
    }
  }

  Appended prepare(TransactionId transaction, long floor, List<WalRecord.Write> writes) {
    lock.lock();
    try {
      long timestamp = drawForRecord(floor);
      prepared.add(transaction, timestamp, lastAppended + 1, writes);
      return new Appended(append(new WalRecord.Prepared(transaction, timestamp, writes)), timestamp);
    } catch (RuntimeException e) {
      prepared.remove(transaction);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** The WAL's record that commits it; 0 if it is not prepared. */
  long commitPrepared(TransactionId transaction, long timestamp) {
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
      requirePossible(timestamp);
      reserve(timestamp, false);
      clock.advanceTo(timestamp);
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

  /** The {@link #clock}, and a record: of the commits that were not prepared, all at or below that timestamp are up to there. */
  Appended now() {
    lock.lock();
    try {
      return new Appended(lastCommit, clock());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives {@code step} the next timestamp, at a moment when every commit before is visible and none after has begun. It may append.
   */
  void alone(LongConsumer step) {
    lock.lock();
    try {
      wal.awaitStable(lastAppended);
      step.accept(draw(0));
    } finally {
      lock.unlock();
    }
  }
}
