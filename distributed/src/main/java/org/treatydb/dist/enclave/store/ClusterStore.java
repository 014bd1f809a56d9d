package org.treatydb.dist.enclave.store;

import java.util.List;
import java.util.function.Supplier;
import org.treatydb.dist.enclave.branch.BranchCall;
import org.treatydb.dist.enclave.branch.BranchOwner;
import org.treatydb.dist.enclave.branch.RemoteBranch;
import org.treatydb.dist.enclave.clock.ClusterClock;
import org.treatydb.dist.enclave.commit.Coordinator;
import org.treatydb.dist.enclave.commit.DecisionLog;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.enclave.lifecycle.AbstractTransaction;
import org.treatydb.kv.enclave.txn.ParticipantStore;
import org.treatydb.kv.enclave.writes.WriteBudget;

/**
 * The whole cluster's keys, as one node offers them: it coordinates the transactions that begin here. Thread-safe.
 */
public final class ClusterStore implements KvStore {

  private final int node;
  private final ParticipantStore local;
  private final ClusterContext context;
  private final DecisionLog decisions;

  /**
   * What the store is made of.
   *
   * @param local this node's own part of the keys
   * @param surroundings the health of this node, and its limits for transactions
   */
  public record Parts(
      int node, ParticipantStore local, Coordinator coordinator, DecisionLog decisions, ClusterClock clock, Supplier<ShardMap> shards,
      BranchOwner.Surroundings branches, AbstractTransaction.Surroundings surroundings) {}

  public ClusterStore(Parts parts) {
    this.node = parts.node();
    this.local = parts.local();
    this.decisions = parts.decisions();
    this.context = new ClusterContext(
        parts.coordinator(), parts.clock(), parts.shards(), new WriteBudget(parts.surroundings().limits().uncommittedBytesMax()),
        new OpenSequences(), parts.branches(), parts.surroundings());
  }

  /** A branch of a transaction of an earlier boot, for telling decisions. */
  public RemoteBranch earlierBranch(TransactionId transaction, int at) {
    return new Branches(context, transaction, BranchCall.Mode.LOCKING, 0, 0).branch(at);
  }

  @Override
  public KvTransaction begin(TransactionOptions options) {
    context.surroundings().health().check();
    TransactionId id = new TransactionId(node, local.bootEpoch(), context.sequences().begin());
    decisions.begin(id);
    AbstractTransaction transaction;
    try {
      transaction = new ClusterTransaction(id, context, options);
    } catch (RuntimeException e) {
      decisions.end(id);
      context.sequences().end(id.sequence());
      throw e;
    }
    context.surroundings().open().add(transaction);
    return transaction;
  }

  /** The locks on this node. */
  @Override
  public LockView locks() {
    return local.locks();
  }

  /** The transactions that this node coordinates. */
  @Override
  public List<TransactionView> transactions() {
    return context.surroundings().open().view();
  }

  /** Ends the transactions that this node coordinates. The node's own store is closed by the node. */
  @Override
  public void close() {
    context.surroundings().open().close();
  }
}
