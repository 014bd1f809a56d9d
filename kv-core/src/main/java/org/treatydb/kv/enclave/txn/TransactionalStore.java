package org.treatydb.kv.enclave.txn;

import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.enclave.lock.LockLimits;
import org.treatydb.kv.enclave.lock.LockMode;
import org.treatydb.kv.enclave.lock.LockOwner;
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

  /**
   * Loads sorted rows into an empty range, as one transaction that holds the range exclusively.
   *
   * @see VersionStore#load
   */
  public long load(KeyRange range, Iterator<KeyValue> rows) {
    TransactionId id = new TransactionId(node, store.bootEpoch(), sequence.incrementAndGet());
    LockOwner owner = new LockOwner(id.sequence());
    try {
      locks.lockRange(owner, range, LockMode.EXCLUSIVE, TransactionOptions.READ_WRITE.lockTimeout().toNanos());
      return store.load(id, range, rows);
    } finally {
      locks.releaseAll(owner);
    }
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
