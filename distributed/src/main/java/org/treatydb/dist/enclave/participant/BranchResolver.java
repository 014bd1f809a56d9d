package org.treatydb.dist.enclave.participant;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.branch.BranchCodec;
import org.treatydb.dist.enclave.branch.Outcome;
import org.treatydb.dist.enclave.branch.OutcomeCodec;
import org.treatydb.dist.enclave.participant.BranchContext.Stage;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.txn.ParticipantStore;

/**
 * Finds out what has become of branches that nobody has asked for anything in for some time, from their coordinators: those that are
 * prepared, in this boot or an earlier one, and those whose coordinator may be gone. A branch that has not voted is undone without its
 * coordinator's word when that is gone for long; one that has voted never. One thread runs it.
 */
public final class BranchResolver implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(BranchResolver.class);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long GIVEN_UP_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long ASK_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final ParticipantStore store;
  private final OpenBranches branches;
  private final Transport transport;
  private final Clock clock;
  private volatile boolean closed;

  public BranchResolver(ParticipantStore store, OpenBranches branches, Transport transport, Clock clock) {
    this.store = store;
    this.branches = branches;
    this.transport = transport;
    this.clock = clock;
  }

  @Override
  public void run() {
    while (!closed) {
      look();
      clock.parkUntil(this, clock.nanoTime() + PAUSE_NANOS);
    }
  }

  /** No more rounds begin. */
  public void close() {
    closed = true;
  }

  private void look() {
    Set<Integer> silent = new LinkedHashSet<>();
    for (BranchContext context : branches.all()) {
      long silentNanos = clock.nanoTime() - context.servedNanos;
      boolean over = branches.isOfEarlierBoot(context.transaction);
      if (context.stage != Stage.ENDED && (over || silentNanos > SILENT_NANOS)) {
        trying(context.transaction, () -> resolve(context, silentNanos, silent));
      }
    }
    for (TransactionId transaction : inDoubt()) {
      if (branches.find(transaction) == null) {
        trying(transaction, () -> settle(transaction, null, ask(transaction, silent)));
      }
    }
    branches.forgetEnded();
  }

  private List<TransactionId> inDoubt() {
    try {
      return store.inDoubt();
    } catch (KvException e) {
      LOG.debug("Not now: {}", e.getMessage());
      return List.of();
    }
  }

  /** What goes wrong with one transaction holds up no other. */
  private static void trying(TransactionId transaction, Runnable work) {
    try {
      work.run();
    } catch (KvException e) {
      LOG.debug("Transaction {} is not resolved now: {}", transaction, e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("Transaction {} cannot be resolved", transaction, e);
    }
  }

  private void resolve(BranchContext context, long silentNanos, Set<Integer> silent) {
    if (!context.lock.tryLock()) {
      return;
    }
    try {
      if (context.stage == Stage.ENDED) {
        return;
      }
      Outcome outcome = ask(context.transaction, silent);
      if (outcome == null && context.stage == Stage.OPEN && silentNanos > GIVEN_UP_NANOS) {
        outcome = new Outcome.Aborted();
      }
      settle(context.transaction, context, outcome);
    } finally {
      context.lock.unlock();
    }
  }

  /** Null if the coordinator does not say. */
  private Outcome ask(TransactionId transaction, Set<Integer> silent) {
    if (silent.contains(transaction.node())) {
      return null;
    }
    ByteWriter question = new ByteWriter(32);
    BranchCodec.encode(transaction, question);
    try {
      byte[] reply = Service.OUTCOMES.call(transport, transaction.node(), question.toByteArray(), ASK_TIMEOUT_NANOS);
      return OutcomeCodec.decode(reply);
    } catch (KvException.Retryable e) {
      LOG.debug("Node {} does not say what became of {}: {}", transaction.node(), transaction, e.getMessage());
      silent.add(transaction.node());
      return null;
    }
  }

  private void settle(TransactionId transaction, BranchContext context, Outcome outcome) {
    if (outcome instanceof Outcome.Undecided && context != null) {
      branches.served(context);
    }
    if (outcome == null || outcome instanceof Outcome.Undecided) {
      return;
    }
    LOG.info("Transaction {} was in doubt here: {}", transaction, outcome instanceof Outcome.Committed ? "committed" : "rolled back");
    if (context == null) {
      BranchContext.endPrepared(transaction, outcome, store);
    } else {
      context.end(outcome, store);
    }
  }
}
