package org.treatydb.kv.enclave.txn;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.treatydb.kv.api.ConcurrencyControl;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;
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
public final class TransactionalStore implements ParticipantStore {

  private final int node;
  private final Engine engine;
  private final AtomicLong sequence = new AtomicLong();

  /**
   * Takes {@code store} over: closing this closes it. Transactions that are prepared in it get their locks back.
   *
   * @param node in the ids of transactions that begin here
   * @param host gives the time and the thread by which transactions and their waits for locks are ended
   */
  public TransactionalStore(int node, VersionStore store, HostEnvironment host, TransactionLimits limits, LockLimits lockLimits) {
    this.node = node;
    this.engine = new Engine(
        store, new LockTable(host.clock(), lockLimits), new WriteBudget(limits.uncommittedBytesMax()), new Branches(),
        new AbstractTransaction.Surroundings(
            store.health(), new OpenTransactions(host.clock(), host.threads(), store.health()), host.clock(), limits));
    try {
      store.undecided().forEach(this::lock);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private void lock(VersionStore.Undecided prepared) {
    LockOwner owner = new LockOwner(prepared.transaction(), sequence.incrementAndGet());
    prepared.writes().forEach(write -> engine.locks().lockKey(owner, write.key(), LockMode.EXCLUSIVE, 0));
    engine.branches().prepare(prepared.transaction(), () -> engine.locks().releaseAll(owner));
  }

  @Override
  public KvTransaction begin(TransactionOptions options) {
    engine.store().health().check();
    long number = sequence.incrementAndGet();
    Beginning beginning = new Beginning(id(number), number, () -> { });
    return opened(isPessimistic(options)
        ? new LockingTransaction(beginning, engine, options)
        : reading(beginning, options, engine.store().openSnapshot(lockTimeoutNanos(options))));
  }

  private static boolean isPessimistic(TransactionOptions options) {
    return !options.readOnly() && options.concurrencyControl() == ConcurrencyControl.PESSIMISTIC;
  }

  private static long lockTimeoutNanos(TransactionOptions options) {
    return TimeUnit.NANOSECONDS.convert(options.lockTimeout());
  }

  private AbstractTransaction reading(Beginning beginning, TransactionOptions options, long snapshot) {
    return options.readOnly()
        ? new ReadOnlyTransaction(beginning, engine, options, snapshot)
        : new OptimisticTransaction(beginning, engine, options, snapshot);
  }

  private <T extends AbstractTransaction> T opened(T transaction) {
    engine.open().add(transaction);
    return transaction;
  }

  @Override
  public Branch beginBranch(TransactionId id, TransactionOptions options) {
    engine.store().health().check();
    if (!isPessimistic(options)) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "a transaction that reads a snapshot begins with its timestamp");
    }
    return opened(new LockingTransaction(beginning(id), engine, options));
  }

  @Override
  public Branch beginBranch(TransactionId id, TransactionOptions options, long timestamp) {
    engine.store().health().check();
    if (isPessimistic(options)) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "a pessimistic transaction reads no snapshot");
    }
    Beginning beginning = beginning(id);
    try {
      engine.store().openSnapshotAt(timestamp, lockTimeoutNanos(options));
    } catch (RuntimeException e) {
      engine.branches().ended(id);
      throw engine.store().health().noted(e);
    }
    return (Branch) opened(reading(beginning, options, timestamp));
  }

  private Beginning beginning(TransactionId id) {
    engine.branches().begin(id);
    return new Beginning(id, sequence.incrementAndGet(), () -> engine.branches().ended(id));
  }

  @Override
  public void commitPrepared(TransactionId id, long timestamp) {
    if (engine.store().commitPrepared(id, timestamp)) {
      engine.branches().decided(id);
    }
  }

  @Override
  public void abortPrepared(TransactionId id) {
    if (engine.store().abortPrepared(id)) {
      engine.branches().decided(id);
    }
  }

  @Override
  public List<TransactionId> inDoubt() {
    return engine.store().undecided().stream().map(VersionStore.Undecided::transaction).toList();
  }

  @Override
  public Map<TransactionId, Set<TransactionId>> waits(long nanosMin) {
    return engine.locks().waits(nanosMin);
  }

  @Override
  public void refuseWait(TransactionId id) {
    engine.locks().refuseWait(id);
  }

  /** Surroundings for transactions that begin here and have their data on other nodes, too: they share this store's health. */
  public AbstractTransaction.Surroundings newSurroundings() {
    AbstractTransaction.Surroundings own = engine.surroundings();
    return new AbstractTransaction.Surroundings(own.health(), own.open().another(), own.clock(), own.limits());
  }

  @Override
  public long bootEpoch() {
    return engine.store().bootEpoch();
  }

  @Override
  public long clock() {
    return engine.store().clock();
  }

  @Override
  public void mergeClock(long timestamp) {
    engine.store().mergeClock(timestamp);
  }

  /**
   * Loads sorted rows into an empty range, as one transaction that holds the range exclusively.
   *
   * @see VersionStore#load
   */
  public long load(KeyRange range, Iterator<KeyValue> rows) {
    return withLocked(range, TransactionOptions.LOCK_TIMEOUT_DEFAULT, id -> engine.store().load(id, range, rows));
  }

  @Override
  public <T> T alone(KeyRange range, Duration lockTimeout, Supplier<T> work) {
    return withLocked(range, lockTimeout, _ -> work.get());
  }

  private <T> T withLocked(KeyRange range, Duration lockTimeout, Function<TransactionId, T> work) {
    TransactionId id = id(sequence.incrementAndGet());
    LockOwner owner = new LockOwner(id, id.sequence());
    try {
      engine.locks().lockRange(owner, range, LockMode.EXCLUSIVE, TimeUnit.NANOSECONDS.convert(lockTimeout));
      engine.store().awaitStable(range);
      return work.apply(id);
    } finally {
      engine.locks().releaseAll(owner);
    }
  }

  private TransactionId id(long number) {
    return new TransactionId(node, engine.store().bootEpoch(), number);
  }

  @Override
  public LockView locks() {
    return engine.locks().view();
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
