package org.treatydb.dist.enclave.commit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.treatydb.dist.enclave.branch.Outcome;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.log.LogRecovery;
import org.treatydb.kv.enclave.log.SealedLog;

/**
 * What this node, as a coordinator, has decided: the Clog, and what must be known of it. A decision to commit is kept until every
 * participant has logged it, and as one of the last {@value #REMEMBERED_MAX} for those who ask later. Thread-safe.
 */
public final class DecisionLog implements AutoCloseable {

  /** Finished transactions whose outcome is still told. */
  static final int REMEMBERED_MAX = 100_000;

  /** Finished transactions after which what is needed no longer is dropped from the log. */
  static final int FINISHED_PER_CHECKPOINT = 4_096;

  /** A decision that not all participants have logged. */
  private static final class Unfinished {
    final ClogRecord.Committed decision;
    final Set<Integer> missing;
    long counter;
    boolean isStable;

    Unfinished(ClogRecord.Committed decision, long counter) {
      this.decision = decision;
      this.missing = new HashSet<>(decision.participants());
      this.counter = counter;
    }
  }

  private final long bootEpoch;
  private final Consumer<RuntimeException> whenFailed;
  private final SealedLog<ClogRecord> log;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock checkpointing = new ReentrantLock();
  private final Set<TransactionId> open = new HashSet<>();
  private final Map<TransactionId, Unfinished> unfinished;
  private final Map<TransactionId, Long> remembered;
  private long appended;
  private long checkpoint;
  private int finished;

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

    @Override
    public void record(long counter, ByteReader record) {
      first = first == 0 ? counter : first;
      last = counter;
      switch (codec.decode(record)) {
        case ClogRecord.Committed decision -> {
          Unfinished found = new Unfinished(decision, counter);
          found.isStable = true;
          unfinished.put(decision.transaction(), found);
          committed.put(decision.transaction(), decision.timestamp());
        }
        case ClogRecord.Finished done -> unfinished.remove(done.transaction());
        case ClogRecord.Checkpoint checkpoint -> neededFrom = checkpoint.neededFrom();
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
    long counter;
    lock.lock();
    try {
      counter = log.append(decision);
      appended = Math.max(appended, counter);
      unfinished.put(decision.transaction(), new Unfinished(decision, counter));
    } finally {
      lock.unlock();
    }
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
      Unfinished written = unfinished.get(decision.transaction());
      if (written != null) {
        written.isStable = true;
      }
      open.remove(decision.transaction());
    } finally {
      lock.unlock();
    }
  }

  /** That participant has logged the decision. */
  public void acknowledged(TransactionId transaction, int node) {
    boolean full = false;
    lock.lock();
    try {
      Unfinished decision = unfinished.get(transaction);
      if (decision != null && decision.missing.remove(node) && decision.missing.isEmpty()) {
        unfinished.remove(transaction);
        appended = Math.max(appended, log.append(new ClogRecord.Finished(transaction)));
        full = ++finished % FINISHED_PER_CHECKPOINT == 0;
      }
    } finally {
      lock.unlock();
    }
    if (full && checkpointing.tryLock()) {
      try {
        checkpoint();
      } finally {
        checkpointing.unlock();
      }
    }
  }

  /** Writes anew what is unfinished since before the last checkpoint, and drops what is needed no longer. */
  private void checkpoint() {
    long neededFrom;
    long counter;
    log.rotate();
    lock.lock();
    try {
      for (Unfinished each : unfinished.values()) {
        if (each.counter < checkpoint) {
          each.counter = log.append(each.decision);
        }
      }
      neededFrom = unfinished.values().stream().mapToLong(each -> each.counter).min().orElse(appended + 1);
      counter = log.append(new ClogRecord.Checkpoint(neededFrom));
      appended = Math.max(appended, counter);
      checkpoint = counter;
    } finally {
      lock.unlock();
    }
    log.awaitStable(counter);
    log.dropBefore(neededFrom);
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

  @Override
  public void close() {
    log.close();
  }
}
