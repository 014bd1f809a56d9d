package org.treatydb.kv.enclave.txn;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.enclave.lock.LockMode;
import org.treatydb.kv.enclave.lock.LockOwner;
import org.treatydb.kv.enclave.lock.LockTable;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.enclave.version.EntryCursor;
import org.treatydb.kv.enclave.version.MergedCursor;

/**
 * What both kinds of read-write transaction share: writes that stay in a buffer until the commit, savepoints, and locks that are
 * released only after the commit is stable and visible.
 */
abstract class WritingTransaction extends AbstractTransaction {

  final WriteBuffer writes = new WriteBuffer();
  private final LockTable locks;
  private final LockOwner owner;
  private final long lockTimeoutNanos;

  WritingTransaction(TransactionId id, VersionStore store, LockTable locks, TransactionOptions options) {
    super(id, store);
    this.locks = locks;
    this.owner = new LockOwner(id.sequence());
    this.lockTimeoutNanos = options.lockTimeout().toNanos();
  }

  /** Locks one key; a refusal that asks for a retry ends the transaction first. Takes the array over. */
  final void lockKey(byte[] key, LockMode mode) {
    retryable(() -> locks.lockKey(owner, key, mode, lockTimeoutNanos));
  }

  /** As {@link #lockKey}, for a range. */
  final void lockRange(KeyRange range, LockMode mode) {
    retryable(() -> locks.lockRange(owner, range, mode, lockTimeoutNanos));
  }

  private void retryable(Runnable request) {
    try {
      request.run();
    } catch (KvException.Retryable e) {
      rollback();
      throw e;
    }
  }

  final void releaseLocks() {
    locks.releaseAll(owner);
  }

  /** {@code stored} with this transaction's writes as they are now, which do not change in the result. */
  final EntryCursor withWrites(EntryCursor stored, KeyRange range, boolean reverse) {
    return writes.isEmptyIn(range) ? stored : new MergedCursor(List.of(writes.scan(range, reverse), stored), reverse);
  }

  @Override
  public final List<byte[]> multiGet(List<byte[]> keys) {
    checkActive();
    keys.forEach(AbstractTransaction::checkKey);
    List<byte[]> stored = keys.stream().filter(key -> !writes.contains(key)).map(byte[]::clone).toList();
    Iterator<byte[]> read = readStored(stored).iterator();
    List<byte[]> values = new ArrayList<>(keys.size());
    keys.forEach(key -> values.add(writes.contains(key) ? writes.get(key) : read.next()));
    return values;
  }

  /** The values of {@code keys}, which this transaction has not written. Takes the arrays over. */
  abstract List<byte[]> readStored(List<byte[]> keys);

  @Override
  public final void put(byte[] key, byte[] value) {
    Objects.requireNonNull(value, "value");
    if (value.length > KvStore.VALUE_BYTES_MAX) {
      throw new KvException.InvalidRequest(
          ErrorCode.LIMIT_EXCEEDED, "a value of " + value.length + " bytes; at most " + KvStore.VALUE_BYTES_MAX + " are allowed");
    }
    write(key.clone(), value.clone());
  }

  @Override
  public final void delete(byte[] key) {
    write(key.clone(), null);
  }

  private void write(byte[] key, byte[] value) {
    checkActive();
    checkKey(key);
    beforeWrite(key);
    writes.put(key, value);
  }

  /** {@code key} is about to be written. It must not be changed. */
  abstract void beforeWrite(byte[] key);

  @Override
  public final Savepoint savepoint() {
    checkActive();
    return writes.mark();
  }

  @Override
  public final void rollbackTo(Savepoint savepoint) {
    checkActive();
    writes.rollbackTo(savepoint);
  }

  @Override
  public final void release(Savepoint savepoint) {
    checkActive();
    writes.release(savepoint);
  }
}
