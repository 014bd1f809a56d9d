package org.treatydb.dist.enclave.participant;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.treatydb.dist.enclave.branch.BranchCall;
import org.treatydb.dist.enclave.participant.BranchContext.Stage;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.Clock;

/**
 * The branches that a participant serves, and those that have ended, as long as their coordinator may still ask for something in them:
 * it says itself, with every call, which of its transactions have ended. So what is kept is bounded by what coordinators keep open.
 * Thread-safe.
 */
public final class OpenBranches {

  /** The newest boot of a coordinator that has called, and its oldest open transaction. */
  private record Coordinator(long epoch, long oldestOpen) {

    Coordinator after(BranchCall call) {
      long calling = call.transaction().bootEpoch();
      if (calling < epoch) {
        return this;
      }
      return new Coordinator(calling, calling > epoch ? call.oldestOpen() : Math.max(oldestOpen, call.oldestOpen()));
    }

    boolean mayGoOn(TransactionId transaction) {
      return transaction.bootEpoch() == epoch && transaction.sequence() >= oldestOpen;
    }
  }

  private final Clock clock;
  private final Map<Integer, Coordinator> coordinators = new ConcurrentHashMap<>();
  private final Map<TransactionId, BranchContext> contexts = new ConcurrentHashMap<>();

  public OpenBranches(Clock clock) {
    this.clock = clock;
  }

  private Coordinator note(BranchCall call) {
    return coordinators.merge(
        call.transaction().node(), new Coordinator(call.transaction().bootEpoch(), call.oldestOpen()), (known, _) -> known.after(call));
  }

  /** The branch that {@code call} goes to; a new one if it is the first of a transaction that goes on, and was not sent before. */
  BranchContext admit(BranchCall call) {
    if (!note(call).mayGoOn(call.transaction())) {
      throw ParticipantService.lost(call);
    }
    BranchContext context = call.number() == 1 && !call.repeated()
        ? contexts.computeIfAbsent(call.transaction(), BranchContext::new)
        : contexts.get(call.transaction());
    if (context == null) {
      throw ParticipantService.lost(call);
    }
    return context;
  }

  /**
   * The branch that a decision goes to; null if there is none. If the transaction's coordinator may still ask for something else in it,
   * that is refused from now on.
   */
  BranchContext leave(BranchCall call) {
    if (!note(call).mayGoOn(call.transaction())) {
      return contexts.get(call.transaction());
    }
    return contexts.computeIfAbsent(call.transaction(), BranchContext::new);
  }

  /** Something was asked for in that branch. */
  void served(BranchContext context) {
    context.servedNanos = clock.nanoTime();
  }

  /** All of them, as they come and go. */
  Collection<BranchContext> all() {
    return contexts.values();
  }

  BranchContext find(TransactionId transaction) {
    return contexts.get(transaction);
  }

  /** Whether the coordinator's boot that began the transaction is over. */
  boolean isOfEarlierBoot(TransactionId transaction) {
    Coordinator coordinator = coordinators.get(transaction.node());
    return coordinator != null && transaction.bootEpoch() < coordinator.epoch;
  }

  /** Forgets the branches that have ended and that nobody will ask for. */
  void forgetEnded() {
    contexts.values().removeIf(context -> {
      Coordinator coordinator = coordinators.get(context.transaction.node());
      return context.stage == Stage.ENDED && coordinator != null && !coordinator.mayGoOn(context.transaction);
    });
  }
}
