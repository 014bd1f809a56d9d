package org.treatydb.kv.enclave.txn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.enclave.lock.LockMode;
import org.treatydb.kv.enclave.lock.LockOwner;
import org.treatydb.kv.enclave.lock.LockTable;
import org.treatydb.kv.enclave.store.StoreCursor;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.enclave.version.MergedCursor;

/**
 * A read-write transaction under strict two-phase locking. Reads see the newest committed version, which the lock keeps
 * from changing, and the transaction's own writes, which stay in its buffer until the commit. Locks are released only
 * after the commit is stable and visible.
 */
final class LockingTransaction extends AbstractTransaction {

  private final LockTable locks;
  private final LockOwner owner;
  private final long lockTimeoutNanos;
  private final WriteBuffer writes = new WriteBuffer();

  LockingTransaction(TransactionId id, VersionStore store, LockTable locks, TransactionOptions options) {
    super(id, store);
    this.locks = locks;
    this.owner = new LockOwner(id.sequence());
    this.lockTimeoutNanos = options.lockTimeout().toNanos();
  }

  private interface Locking {
    void run();
  }

  /** Runs a lock request; a refusal that asks for a retry ends the transaction first. */
  private void lock(Locking request) {
    try {
      request.run();
    } catch (KvException.Retryable e) {
      rollback();
      throw e;
    }
  }

  private void lockKey(byte[] key, LockMode mode) {
    lock(() -> locks.lockKey(owner, key, mode, lockTimeoutNanos));
  }

  @Override
  public byte[] get(byte[] key) {
    return get(key, LockMode.SHARED);
  }

  @Override
  public byte[] getForUpdate(byte[] key) {
    return get(key, LockMode.EXCLUSIVE);
  }

  private byte[] get(byte[] key, LockMode mode) {
    checkActive();
    checkKey(key);
    if (writes.contains(key)) {
      return writes.get(key);
    }
    lockKey(key.clone(), mode);
    return store.get(key, VersionStore.NEWEST);
  }

  @Override
  public List<byte[]> multiGet(List<byte[]> keys) {
    checkActive();
    keys.forEach(AbstractTransaction::checkKey);
    List<byte[]> stored = keys.stream().filter(key -> !writes.contains(key)).map(byte[]::clone).toList();
    // In one order, so that those who read the same keys together never wait for each other in a circle.
    stored.stream().sorted(Arrays::compareUnsigned).forEach(key -> lockKey(key, LockMode.SHARED));
    Iterator<byte[]> read = store.multiGet(stored, VersionStore.NEWEST).iterator();
    List<byte[]> values = new ArrayList<>(keys.size());
    keys.forEach(key -> values.add(writes.contains(key) ? writes.get(key) : read.next()));
    return values;
  }

  @Override
  public KvCursor scan(KeyRange range, ScanOptions options) {
    checkActive();
    LockMode mode = options.forUpdate() ? LockMode.EXCLUSIVE : LockMode.SHARED;
    lock(() -> locks.lockRange(owner, range, mode, lockTimeoutNanos));
    StoreCursor stored = store.scan(range, VersionStore.NEWEST, options.reverse());
    if (writes.isEmptyIn(range)) {
      return opened(stored, stored);
    }
    return opened(new MergedCursor(List.of(writes.scan(range, options.reverse()), stored), options.reverse()), stored);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    Objects.requireNonNull(value, "value");
    if (value.length > KvStore.VALUE_BYTES_MAX) {
      throw new KvException.InvalidRequest(
          ErrorCode.LIMIT_EXCEEDED, "a value of " + value.length + " bytes; at most " + KvStore.VALUE_BYTES_MAX + " are allowed");
    }
    write(key.clone(), value.clone());
  }

  @Override
  public void delete(byte[] key) {
    write(key.clone(), null);
  }

  private void write(byte[] key, byte[] value) {
    checkActive();
    checkKey(key);
    lockKey(key, LockMode.EXCLUSIVE);
    writes.put(key, value);
  }

  @Override
  public Savepoint savepoint() {
    checkActive();
    return writes.mark();
  }

  @Override
  public void rollbackTo(Savepoint savepoint) {
    checkActive();
    writes.rollbackTo(savepoint);
  }

  @Override
  public void release(Savepoint savepoint) {
    checkActive();
    writes.release(savepoint);
  }

  @Override
  public void commit() {
    checkActive();
    end();
    try {
      if (!writes.isEmpty()) {
        store.commit(id(), writes.toRecord());
      }
    } finally {
      locks.releaseAll(owner);
    }
  }

  @Override
  public void rollback() {
    if (end()) {
      locks.releaseAll(owner);
    }
  }
}
