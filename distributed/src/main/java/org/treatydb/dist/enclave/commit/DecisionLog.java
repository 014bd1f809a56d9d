package org.treatydb.dist.enclave.commit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.treatydb.dist.enclave.branch.Outcome;
import org.treatydb.dist.enclave.shard.Holding;
import org.treatydb.dist.enclave.shard.Holdings;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.log.LogRecovery;
import org.treatydb.kv.enclave.log.SealedLog;

/**
 * What this node has decided: the Clog, and what must be known of it. A decision to commit is kept until every participant has logged it,
 * and as one of the last {@value #REMEMBERED_MAX} for those who ask later. What is logged of ranges that come and go is kept until the
 * next of them, or that they are settled. Thread-safe.
 */
public final class DecisionLog implements AutoCloseable {

  /** Finished transactions whose outcome is still told. */
  static final int REMEMBERED_MAX = 100_000;

  /** Finished transactions, and records of ranges, after which what is needed no longer is dropped from the log. */
  static final int FINISHED_PER_CHECKPOINT = 4_096;

  private static final KeyRange NOTHING = new KeyRange(new byte[0], new byte[0]);

  /** A decision that not all participants have logged. */
  private static final class Unfinished {
    final ClogRecord.Committed decision;
    final Set<Integer> missing;
    long counter;
    boolean isStable;

    Unfinished(ClogRecord.Committed decision) {
      this.decision = decision;
      this.missing = new HashSet<>(decision.participants());
    }
  }

  private final long bootEpoch;
  private final Consumer<RuntimeException> whenFailed;
  private final SealedLog<ClogRecord> log;
  /** Held while something is appended, which may wait for the disk and the counter: records are then in the order of what is known. */
  private final ReentrantLock appending = new ReentrantLock();
  /** For a moment only; taken after {@link #appending}, if both are. */
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock checkpointing = new ReentrantLock();
  private final Set<TransactionId> open = new HashSet<>();
  private final Map<TransactionId, Unfinished> unfinished;
  private final Map<TransactionId, Long> remembered;
  private final AtomicInteger finished = new AtomicInteger();
  private long appended;
  private long checkpoint;
  private Holdings holdings;
  private long mapVersion;

  /**
   * Reads the log, then goes on with it.
   *
   * @param opener opens the log, whose stable records it shows to the visitor first
   * @param whenFailed told when the log has failed: the node cannot go on, since nobody learns any more what was decided
   * @throws KvException.IntegrityViolation if decisions are missing that are still needed
   */
  public DecisionLog(
      long bootEpoch, Function<LogRecovery.RecordVisitor, SealedLog<ClogRecord>> opener, Consumer<RuntimeException> whenFailed) {
    this.bootEpoch = bootEpoch;
    this.whenFailed = whenFailed;
    this.remembered = new LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<TransactionId, Long> eldest) {
        return size() > REMEMBERED_MAX;
      }
    };
    Replay replay = new Replay();
    this.log = opener.apply(replay);
    replay.check();
    this.unfinished = replay.unfinished;
    this.appended = replay.last;
    this.holdings = replay.holdings;
    this.mapVersion = replay.mapVersion;
    remembered.putAll(replay.committed);
  }

  /** What the records say, in order. */
  private static final class Replay implements LogRecovery.RecordVisitor {

    private final ClogCodec codec = new ClogCodec();
    private final Map<TransactionId, Unfinished> unfinished = new LinkedHashMap<>();
    private final Map<TransactionId, Long> committed = new LinkedHashMap<>();
    private long first;
    private long last;
    private long neededFrom = 1;
    private Holdings holdings = Holdings.NONE;
    private long mapVersion;

    @Override
    public void record(long counter, ByteReader record) {
      first = first == 0 ? counter : first;
      last = counter;
      switch (codec.decode(record)) {
        case ClogRecord.Committed decision -> {
          Unfinished found = new Unfinished(decision);
          found.counter = counter;
          found.isStable = true;
          unfinished.put(decision.transaction(), found);
          committed.put(decision.transaction(), decision.timestamp());
        }
        case ClogRecord.Finished done -> unfinished.remove(done.transaction());
        case ClogRecord.Checkpoint checkpoint -> neededFrom = checkpoint.neededFrom();
        case ClogRecord.Moving moving -> holdings = holdings.with(moving.holding());
        case ClogRecord.Settled settled -> {
          holdings = holdings.without(settled.range());
          mapVersion = Math.max(mapVersion, settled.mapVersion());
        }
      }
    }

    void check() {
      if (first > neededFrom) {
        throw new KvException.IntegrityViolation(
            ErrorCode.ROLLBACK_DETECTED,
            "the CLOG begins at record " + first + ", and everything from record " + neededFrom + " on is needed", null);
      }
    }
  }

  /** How many of its records are not confirmed by the trusted counter. */
  public long unconfirmed() {
    return log.unstable();
  }

  /** A transaction begins. */
  public void begin(TransactionId transaction) {
    lock.lock();
    try {
      open.add(transaction);
    } finally {
      lock.unlock();
    }
  }

  /** A transaction has ended: if it is not committed, it is aborted from now on. */
  public void end(TransactionId transaction) {
    lock.lock();
    try {
      open.remove(transaction);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Decides to commit a transaction that is open; when this returns, that is stable.
   *
   * @throws KvException.UnknownOutcome if the log failed on the way
   */
  public void commit(ClogRecord.Committed decision) {
    Unfinished written = new Unfinished(decision);
    long counter = append(decision, number -> {
      written.counter = number;
      unfinished.put(decision.transaction(), written);
    });
    try {
      log.awaitStable(counter);
    } catch (RuntimeException e) {
      whenFailed.accept(e);
      throw new KvException.UnknownOutcome(
          "the commit of transaction " + decision.transaction() + " was being decided when the coordinator failed: " + e.getMessage(), e);
    }
    lock.lock();
    try {
      remembered.put(decision.transaction(), decision.timestamp());
      written.isStable = true;
      open.remove(decision.transaction());
    } finally {
      lock.unlock();
    }
  }

  /** That participant has logged the decision. */
  public void acknowledged(TransactionId transaction, int node) {
    boolean isLast;
    lock.lock();
    try {
      Unfinished decision = unfinished.get(transaction);
      isLast = decision != null && decision.missing.remove(node) && decision.missing.isEmpty();
    } finally {
      lock.unlock();
    }
    if (isLast) {
      append(new ClogRecord.Finished(transaction), _ -> unfinished.remove(transaction));
      checkpointIfFull();
    }
  }

  /** Appends, and does {@code change} to what is known before anything else is appended. */
  private long append(ClogRecord record, LongConsumer change) {
    appending.lock();
    try {
      long counter = log.append(record);
      appended = Math.max(appended, counter);
      lock.lock();
      try {
        change.accept(counter);
      } finally {
        lock.unlock();
      }
      return counter;
    } catch (KvException.Unavailable | KvException.IntegrityViolation e) {
      whenFailed.accept(e);
      throw e;
    } finally {
      appending.unlock();
    }
  }

  /** After something was appended that makes earlier records needless. */
  private void checkpointIfFull() {
    if (finished.incrementAndGet() % FINISHED_PER_CHECKPOINT == 0 && checkpointing.tryLock()) {
      try {
        checkpoint();
      } catch (KvException.Unavailable | KvException.IntegrityViolation e) {
        whenFailed.accept(e);
        throw e;
      } finally {
        checkpointing.unlock();
      }
    }
  }

  /** What is remembered of ranges that came and went. */
  public Holdings holdings() {
    lock.lock();
    try {
      return holdings;
    } finally {
      lock.unlock();
    }
  }

  /** The shard map is not older than this version. */
  public long mapVersion() {
    lock.lock();
    try {
      return mapVersion;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A range is being given away, or was taken over; when this returns, that is stable.
   *
   * @throws RuntimeException if the log has failed
   */
  public void moving(Holding holding) {
    logged(new ClogRecord.Moving(holding), _ -> holdings = holdings.with(holding));
  }

  /**
   * Nothing needs to be remembered of {@code range} any more than what the shard map says, from this version on; when this returns, that
   * is stable. As {@link #moving}.
   */
  public void settled(KeyRange range, long version) {
    logged(new ClogRecord.Settled(range, version), _ -> {
      holdings = holdings.without(range);
      mapVersion = Math.max(mapVersion, version);
    });
  }

  private void logged(ClogRecord record, LongConsumer change) {
    long counter = append(record, change);
    try {
      log.awaitStable(counter);
    } catch (RuntimeException e) {
      whenFailed.accept(e);
      throw e;
    }
    checkpointIfFull();
  }

  /** Writes anew what is unfinished since before the last checkpoint, and drops what is needed no longer. */
  private void checkpoint() {
    long neededFrom;
    long counter;
    log.rotate();
    appending.lock();
    try {
      for (Unfinished each : unfinished.values()) {
        if (each.counter < checkpoint) {
          each.counter = log.append(each.decision);
        }
      }
      neededFrom = Math.min(
          appendHoldings(), unfinished.values().stream().mapToLong(each -> each.counter).min().orElse(appended + 1));
      counter = log.append(new ClogRecord.Checkpoint(neededFrom));
      appended = Math.max(appended, counter);
      checkpoint = counter;
    } finally {
      appending.unlock();
    }
    log.awaitStable(counter);
    log.dropBefore(neededFrom);
  }

  /** Gives the first record of what is remembered of ranges. */
  private long appendHoldings() {
    long first = mapVersion == 0 ? Long.MAX_VALUE : log.append(new ClogRecord.Settled(NOTHING, mapVersion));
    for (Holding each : holdings.all()) {
      first = Math.min(first, log.append(new ClogRecord.Moving(each)));
    }
    return first;
  }

  /** What has become of {@code transaction}, one of this node's. */
  public Outcome outcome(TransactionId transaction) {
    lock.lock();
    try {
      Unfinished decided = unfinished.get(transaction);
      if (decided != null && decided.isStable) {
        return new Outcome.Committed(decided.decision.timestamp());
      }
      Long committed = remembered.get(transaction);
      if (committed != null) {
        return new Outcome.Committed(committed);
      }
      boolean undecided = open.contains(transaction) || decided != null || transaction.bootEpoch() > bootEpoch;
      return undecided ? new Outcome.Undecided() : new Outcome.Aborted();
    } finally {
      lock.unlock();
    }
  }

  /** A decision and a participant that has not acknowledged it. */
  public record Undelivered(ClogRecord.Committed decision, int node) {}

  /** The decisions that are stable and not acknowledged by all, in their order. */
  public List<Undelivered> undelivered() {
    List<Undelivered> all = new ArrayList<>();
    lock.lock();
    try {
      for (Unfinished each : unfinished.values()) {
        if (each.isStable) {
          each.missing.forEach(node -> all.add(new Undelivered(each.decision, node)));
        }
      }
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** What nobody waits for is left out: that a decision is finished, which the next boot finds out. When all nodes end, nobody counts. */
  @Override
  public void close() {
    log.closeWithoutPending();
  }
}
