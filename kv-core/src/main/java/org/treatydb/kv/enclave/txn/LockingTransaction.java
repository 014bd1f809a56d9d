package org.treatydb.kv.enclave.txn;

import java.util.Arrays;
import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.enclave.lock.LockMode;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.enclave.wal.WalRecord;

/**
 * A read-write transaction under strict two-phase locking. Reads see the newest committed version, which the lock keeps
 * from changing, and the transaction's own writes.
 */
final class LockingTransaction extends WritingTransaction {

  LockingTransaction(Beginning beginning, Engine engine, TransactionOptions options) {
    super(beginning, TransactionView.Kind.PESSIMISTIC, engine, options);
  }

  @Override
  byte[] readStored(byte[] key, boolean forUpdate) {
    lockKey(key, forUpdate ? LockMode.EXCLUSIVE : LockMode.SHARED);
    return store.get(key, VersionStore.NEWEST);
  }

  @Override
  List<byte[]> readStored(List<byte[]> keys) {
    // In one order, so that those who read the same keys together never wait for each other in a circle.
    keys.stream().sorted(Arrays::compareUnsigned).forEach(key -> lockKey(key, LockMode.SHARED));
    return store.multiGet(keys, VersionStore.NEWEST);
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
