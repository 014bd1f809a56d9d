package org.treatydb.dist.enclave.store;

import java.util.List;
import org.treatydb.dist.enclave.commit.DecisionLog;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.enclave.lifecycle.AbstractTransaction;
import org.treatydb.kv.enclave.txn.ParticipantStore;

/**
 * The whole cluster's keys, as one node offers them: it coordinates the transactions that begin here. Thread-safe.
 */
public final class ClusterStore implements KvStore {

  private final int node;
  private final ParticipantStore local;
  private final ClusterContext context;
  private final DecisionLog decisions;

  ClusterStore(int node, ParticipantStore local, ClusterContext context, DecisionLog decisions) {
    this.node = node;
    this.local = local;
    this.context = context;
    this.decisions = decisions;
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
