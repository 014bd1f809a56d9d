package org.treatydb.kv.enclave.txn;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.enclave.lifecycle.AbstractTransaction;
import org.treatydb.kv.enclave.lock.LockMode;
import org.treatydb.kv.enclave.lock.LockOwner;
import org.treatydb.kv.enclave.lock.LockTable;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.enclave.version.EntryCursor;
import org.treatydb.kv.enclave.version.MergedCursor;
import org.treatydb.kv.enclave.wal.WalRecord;
import org.treatydb.kv.enclave.writes.WriteBuffer;

/**
 * What both kinds of read-write transaction share: writes that stay in a buffer until the commit, savepoints, and locks that are
 * released when the commit has its place before all later ones.
 */
abstract class WritingTransaction extends AbstractTransaction implements Branch {

  final VersionStore store;
  final WriteBuffer writes;
  private final LockTable locks;
  private final Branches branches;
  private final Runnable ended;
  private final LockOwner owner;
  private final long lockTimeoutNanos;
  /** The WAL's record up to which it has read what was not stable yet, and has not waited for. */
  private long readUpTo;
  /** Whether it is prepared, and what it holds is given back when it is decided. */
  private boolean handedOver;

  WritingTransaction(Beginning beginning, TransactionView.Kind kind, Engine engine, TransactionOptions options) {
    super(beginning.id(), kind, engine.surroundings(), options);
    this.store = engine.store();
    this.writes = new WriteBuffer(engine.budget());
    this.locks = engine.locks();
    this.branches = engine.branches();
    this.ended = beginning.ended();
    this.owner = new LockOwner(beginning.id(), beginning.age());
    this.lockTimeoutNanos = TimeUnit.NANOSECONDS.convert(options.lockTimeout());
  }

  /** Takes the array over. */
  final void lockKey(byte[] key, LockMode mode) {
    try {
      locks.lockKey(owner, key, mode, lockWaitNanos());
    } catch (KvException.Retryable e) {
      throw refused(e);
    }
  }

  final void lockRange(KeyRange range, LockMode mode) {
    try {
      locks.lockRange(owner, range, mode, lockWaitNanos());
    } catch (KvException.Retryable e) {
      throw refused(e);
    }
  }

  @Override
  protected final void cancelled(boolean now) {
    locks.setCancelled(owner, now);
  }

  private long lockWaitNanos() {
    return Math.min(lockTimeoutNanos, leftNanos());
  }

  private KvException refused(KvException.Retryable e) {
    return e.code() == ErrorCode.LOCK_TIMEOUT && leftNanos() <= 0 ? timedOut() : e;
  }

  /** {@code stored} with this transaction's writes as they are now, which do not change in the result. */
  final EntryCursor withWrites(EntryCursor stored, KeyRange range, boolean reverse) {
    return writes.isEmptyIn(range) ? stored : new MergedCursor(List.of(writes.scan(range, reverse), stored), reverse);
  }

  @Override
  protected final byte[] read(byte[] key, boolean forUpdate) {
    return writes.contains(key) ? writes.get(key) : readStored(key.clone(), forUpdate);
  }

  /** The value of {@code key}, which this transaction has not written. Takes the array over. */
  abstract byte[] readStored(byte[] key, boolean forUpdate);

  @Override
  protected final List<byte[]> readAll(List<byte[]> keys) {
    List<byte[]> stored = keys.stream().filter(key -> !writes.contains(key)).map(byte[]::clone).toList();
    Iterator<byte[]> read = readStored(stored).iterator();
    List<byte[]> values = new ArrayList<>(keys.size());
    keys.forEach(key -> values.add(writes.contains(key) ? writes.get(key) : read.next()));
    return values;
  }

  /** The values of {@code keys}, which this transaction has not written. Takes the arrays over. */
  abstract List<byte[]> readStored(List<byte[]> keys);

  @Override
  protected final void write(byte[] key, byte[] value) {
    beforeWrite(key);
    writes.put(key, value);
  }

  /** {@code key} is about to be written. It must not be changed. */
  abstract void beforeWrite(byte[] key);

  @Override
  protected final Savepoint mark() {
    return writes.mark();
  }

  @Override
  protected final void undoTo(Savepoint savepoint) {
    writes.rollbackTo(savepoint);
  }

  @Override
  protected final void forget(Savepoint savepoint) {
    writes.release(savepoint);
  }

  @Override
  protected final long writtenBytes() {
    return writes.charged();
  }

  /**
   * Locks what is to be locked for the commit, checks what was read, and gives the writes.
   *
   * @param othersWrite whether the transaction writes elsewhere, if not here
   * @throws KvException.Retryable if it cannot be committed
   */
  abstract List<WalRecord.Write> toCommit(boolean othersWrite);

  @Override
  protected final void commitWrites() {
    List<WalRecord.Write> record = toCommit(false);
    if (record.isEmpty()) {
      awaitReads();
    } else {
      store.commit(id(), 0, Long.MAX_VALUE, record, this::releaseLocks);
    }
  }

  @Override
  public final long commit(long floor, long ceiling, Runnable check) {
    return lastCall(() -> {
      awaitReads();
      List<WalRecord.Write> record = toCommit(false);
      check.run();
      long timestamp = record.isEmpty() ? store.drawTimestamp(floor) : store.commit(id(), floor, ceiling, record, this::releaseLocks);
      finish();
      return timestamp;
    });
  }

  @Override
  public final Vote prepare(long floor, Runnable check) {
    return lastCall(() -> {
      awaitReads();
      List<WalRecord.Write> record = toCommit(true);
      check.run();
      if (record.isEmpty()) {
        outlive();
        return new Vote(store.drawTimestamp(floor), store.clockLimit());
      }
      handedOver = true;
      branches.prepare(id(), this::letGo);
      try {
        Vote vote = new Vote(store.prepare(id(), floor, record), store.clockLimit());
        finish();
        return vote;
      } catch (RuntimeException e) {
        handedOver = store.isPrepared(id());
        throw e;
      }
    });
  }

  @Override
  public final void release(long timestamp) {
    lastCall(() -> {
      store.mergeClock(timestamp);
      finish();
      return null;
    });
  }

  @Override
  protected void giveBack() {
    if (!handedOver) {
      letGo();
    }
  }

  private void letGo() {
    writes.giveBack();
    releaseLocks();
    ended.run();
  }

  private void releaseLocks() {
    locks.releaseAll(owner);
  }

  /** The transaction has read what is stable only when the WAL's record {@code counter} is. */
  final void dependsOn(long counter) {
    readUpTo = Math.max(readUpTo, counter);
  }

  @Override
  protected final void awaitReads() {
    long counter = readUpTo;
    readUpTo = 0;
    store.awaitStable(counter);
  }
}
