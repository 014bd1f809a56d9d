package org.treatydb.dist.enclave.commit;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.enclave.branch.BranchRequest;
import org.treatydb.dist.enclave.branch.RemoteBranch;
import org.treatydb.dist.enclave.clock.NodeClock;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.Clock;

/**
 * Tells participants what was decided. Commits until they have acknowledged them, over restarts of both ends; other ends of transactions
 * once, since participants ask themselves when they hear nothing. Nobody waits for it. One thread runs the repetitions; otherwise
 * thread-safe.
 */
public final class DecisionDelivery implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(DecisionDelivery.class);

  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final DecisionLog decisions;
  private final BiFunction<TransactionId, Integer, RemoteBranch> branches;
  private final NodeClock ownClock;
  private final ThreadFactory threads;
  private final Clock clock;
  private volatile boolean closed;

  /** {@code branches}: gives a branch of a transaction of an earlier boot. */
  public DecisionDelivery(
      DecisionLog decisions, BiFunction<TransactionId, Integer, RemoteBranch> branches, NodeClock ownClock, ThreadFactory threads,
      Clock clock) {
    this.decisions = decisions;
    this.branches = branches;
    this.ownClock = ownClock;
    this.threads = threads;
    this.clock = clock;
  }

  void mergeOwnClock(long timestamp) {
    ownClock.merge(timestamp);
  }

  /** Tells the participants of a decision that has just been made. */
  void deliver(ClogRecord.Committed decision, Collection<RemoteBranch> participants) {
    for (RemoteBranch participant : participants) {
      threads.newThread(() -> deliver(decision, participant)).start();
    }
  }

  private boolean deliver(ClogRecord.Committed decision, RemoteBranch participant) {
    if (!tell(participant, new BranchRequest.Commit(decision.timestamp()))) {
      return false;
    }
    try {
      decisions.acknowledged(decision.transaction(), participant.node());
    } catch (RuntimeException e) {
      LOG.debug("The Clog did not take that {} is finished: {}", decision.transaction(), e.getMessage());
    }
    return true;
  }

  void abort(Collection<RemoteBranch> participants) {
    tellAll(participants, new BranchRequest.Abort());
  }

  /** Ends branches that have only read. */
  void release(Collection<RemoteBranch> participants, long timestamp) {
    tellAll(participants, new BranchRequest.Commit(timestamp));
  }

  private void tellAll(Collection<RemoteBranch> participants, BranchRequest decision) {
    for (RemoteBranch participant : participants) {
      threads.newThread(() -> tell(participant, decision)).start();
    }
  }

  private static boolean tell(RemoteBranch participant, BranchRequest decision) {
    try {
      participant.decide(decision, TIMEOUT_NANOS);
      return true;
    } catch (RuntimeException e) {
      LOG.debug("Node {} was not told: {}", participant.node(), e.getMessage());
      return false;
    }
  }

  /** Repeats what was not acknowledged in some time, one participant at a time. */
  @Override
  public void run() {
    Set<DecisionLog.Undelivered> before = Set.of();
    while (!closed) {
      clock.parkUntil(this, clock.nanoTime() + PAUSE_NANOS);
      List<DecisionLog.Undelivered> undelivered = decisions.undelivered();
      Set<Integer> silent = new HashSet<>();
      for (DecisionLog.Undelivered each : undelivered) {
        if (!closed && before.contains(each) && !silent.contains(each.node())
            && !deliver(each.decision(), branches.apply(each.decision().transaction(), each.node()))) {
          silent.add(each.node());
        }
      }
      before = new HashSet<>(undelivered);
    }
  }

  /** No more repetitions begin. */
  public void close() {
    closed = true;
  }
}
