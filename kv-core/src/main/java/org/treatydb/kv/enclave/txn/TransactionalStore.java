package org.treatydb.kv.enclave.txn;

import java.util.concurrent.atomic.AtomicLong;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.enclave.lock.LockLimits;
import org.treatydb.kv.enclave.lock.LockTable;
import org.treatydb.kv.enclave.store.VersionStore;

/** One node's transactional store. Thread-safe. */
public final class TransactionalStore implements KvStore {

  private final int node;
  private final VersionStore store;
  private final LockTable locks;
  private final AtomicLong sequence = new AtomicLong();

  /** Takes {@code store} over: closing this closes it. {@code clock}: what waits for locks are timed by. */
  public TransactionalStore(int node, VersionStore store, Clock clock) {
    this.node = node;
    this.store = store;
    this.locks = new LockTable(clock, LockLimits.DEFAULT);
  }

  @Override
  public KvTransaction begin(TransactionOptions options) {
    store.health().check();
    TransactionId id = new TransactionId(node, store.bootEpoch(), sequence.incrementAndGet());
    if (options.readOnly()) {
      return new ReadOnlyTransaction(id, store);
    }
    return switch (options.concurrencyControl()) {
      case PESSIMISTIC -> new LockingTransaction(id, store, locks, options);
      case OPTIMISTIC -> new OptimisticTransaction(id, store, locks, options);
    };
  }

  @Override
  public LockView locks() {
    return locks.view(age -> new TransactionId(node, store.bootEpoch(), age));
  }

  @Override
  public void close() {
    locks.close();
    store.close();
  }
}
