package org.treatydb.kv.enclave.txn;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockLimits;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.enclave.lifecycle.AbstractTransaction;
import org.treatydb.kv.enclave.lifecycle.OpenTransactions;
import org.treatydb.kv.enclave.lock.LockMode;
import org.treatydb.kv.enclave.lock.LockOwner;
import org.treatydb.kv.enclave.lock.LockTable;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.enclave.writes.WriteBudget;

/** One node's transactional store. Thread-safe. */
public final class TransactionalStore implements KvStore {

  private final int node;
  private final Engine engine;
  private final AtomicLong sequence = new AtomicLong();

  /**
   * Takes {@code store} over: closing this closes it.
   *
   * @param host gives the time and the thread by which transactions and their waits for locks are ended
   */
  public TransactionalStore(int node, VersionStore store, HostEnvironment host, TransactionLimits limits, LockLimits lockLimits) {
    this.node = node;
    this.engine = new Engine(
        store, new LockTable(host.clock(), lockLimits), new WriteBudget(limits.uncommittedBytesMax()),
        new AbstractTransaction.Surroundings(
            store.health(), new OpenTransactions(host.clock(), host.threads(), store.health()), host.clock(), limits));
  }

  @Override
  public KvTransaction begin(TransactionOptions options) {
    engine.store().health().check();
    TransactionId id = id(sequence.incrementAndGet());
    AbstractTransaction transaction = options.readOnly() ? new ReadOnlyTransaction(id, engine, options) : readWrite(id, options);
    engine.open().add(transaction);
    return transaction;
  }

  private AbstractTransaction readWrite(TransactionId id, TransactionOptions options) {
    return switch (options.concurrencyControl()) {
      case PESSIMISTIC -> new LockingTransaction(id, engine, options);
      case OPTIMISTIC -> new OptimisticTransaction(id, engine, options);
    };
  }

  /**
   * Loads sorted rows into an empty range, as one transaction that holds the range exclusively.
   *
   * @see VersionStore#load
   */
  public long load(KeyRange range, Iterator<KeyValue> rows) {
    TransactionId id = id(sequence.incrementAndGet());
    LockOwner owner = new LockOwner(id.sequence());
    try {
      engine.locks().lockRange(owner, range, LockMode.EXCLUSIVE, TransactionOptions.READ_WRITE.lockTimeout().toNanos());
      return engine.store().load(id, range, rows);
    } finally {
      engine.locks().releaseAll(owner);
    }
  }

  private TransactionId id(long number) {
    return new TransactionId(node, engine.store().bootEpoch(), number);
  }

  @Override
  public LockView locks() {
    return engine.locks().view(this::id);
  }

  @Override
  public List<TransactionView> transactions() {
    return engine.open().view();
  }

  /** What open transactions have written takes so much memory. */
  long uncommittedBytes() {
    return engine.budget().taken();
  }

  @Override
  public void close() {
    engine.open().close();
    engine.locks().close();
    engine.store().close();
  }
}
