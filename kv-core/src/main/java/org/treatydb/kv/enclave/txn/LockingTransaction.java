package org.treatydb.kv.enclave.txn;

import java.util.Arrays;
import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.enclave.lock.LockMode;
import org.treatydb.kv.enclave.store.UnstableWrite;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.enclave.wal.WalRecord;

/**
 * A read-write transaction under two-phase locking. Reads see the newest committed version, which the lock keeps
 * from changing, and the transaction's own writes. A version that is not stable yet is waited for, or, with early reads, read at once.
 */
final class LockingTransaction extends WritingTransaction {

  private final boolean readsEarly;

  LockingTransaction(Beginning beginning, Engine engine, TransactionOptions options) {
    super(beginning, TransactionView.Kind.PESSIMISTIC, engine, options);
    this.readsEarly = options.earlyReads();
  }

  @Override
  byte[] readStored(byte[] key, boolean forUpdate) {
    lockKey(key, forUpdate ? LockMode.EXCLUSIVE : LockMode.SHARED);
    return newest(key);
  }

  @Override
  List<byte[]> readStored(List<byte[]> keys) {
    // In one order, so that those who read the same keys together never wait for each other in a circle.
    keys.stream().sorted(Arrays::compareUnsigned).forEach(key -> lockKey(key, LockMode.SHARED));
    return keys.stream().allMatch(key -> store.unstable(key) == null)
        ? store.multiGet(keys, VersionStore.NEWEST)
        : keys.stream().map(this::newest).toList();
  }

  private byte[] newest(byte[] key) {
    UnstableWrite unstable = store.unstable(key);
    if (unstable != null) {
      if (readsEarly) {
        dependsOn(unstable.counter());
        return unstable.value() == null ? null : unstable.value().clone();
      }
      store.awaitStable(unstable.counter());
    }
    return store.get(key, VersionStore.NEWEST);
  }

  @Override
  protected KvCursor openScan(KeyRange range, ScanOptions options) {
    LockMode mode = options.forUpdate() ? LockMode.EXCLUSIVE : LockMode.SHARED;
    LockingScan stored = new LockingScan(store, range, options.reverse(), piece -> lockRange(piece, mode));
    return opened(withWrites(stored, range, options.reverse()), stored::close);
  }

  @Override
  void beforeWrite(byte[] key) {
    lockKey(key, LockMode.EXCLUSIVE);
  }

  @Override
  List<WalRecord.Write> toCommit(boolean othersWrite) {
    return writes.toRecord();
  }
}
