package org.treatydb.kv.enclave.txn;

import java.util.List;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.store.StoreCursor;
import org.treatydb.kv.enclave.store.VersionStore;

/** Reads one snapshot: everything acknowledged before it began, nothing after. Takes no locks, waits for nobody. */
final class ReadOnlyTransaction extends AbstractTransaction {

  /** A savepoint of a transaction that has nothing to undo. */
  private record Mark(ReadOnlyTransaction owner) implements Savepoint {}

  private final long timestamp;

  ReadOnlyTransaction(TransactionId id, VersionStore store) {
    super(id, store);
    this.timestamp = store.openSnapshot();
  }

  @Override
  public byte[] get(byte[] key) {
    checkActive();
    checkKey(key);
    return store.get(key, timestamp);
  }

  @Override
  public List<byte[]> multiGet(List<byte[]> keys) {
    checkActive();
    keys.forEach(AbstractTransaction::checkKey);
    return store.multiGet(keys, timestamp);
  }

  @Override
  public KvCursor scan(KeyRange range, ScanOptions options) {
    checkActive();
    if (options.forUpdate()) {
      throw refused();
    }
    StoreCursor cursor = store.scan(range, timestamp, options.reverse());
    return opened(cursor, cursor::close);
  }

  @Override
  public byte[] getForUpdate(byte[] key) {
    throw refused();
  }

  @Override
  public void put(byte[] key, byte[] value) {
    throw refused();
  }

  @Override
  public void delete(byte[] key) {
    throw refused();
  }

  private KvException refused() {
    checkActive();
    return new KvException.InvalidRequest(ErrorCode.READ_ONLY_TRANSACTION, "the transaction is read-only");
  }

  @Override
  public Savepoint savepoint() {
    checkActive();
    return new Mark(this);
  }

  @Override
  public void rollbackTo(Savepoint savepoint) {
    checkActive();
    if (!(savepoint instanceof Mark mark) || mark.owner != this) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_SAVEPOINT, "no such savepoint in this transaction");
    }
  }

  @Override
  public void release(Savepoint savepoint) {
    rollbackTo(savepoint);
  }

  @Override
  public void commit() {
    checkActive();
    rollback();
  }

  @Override
  public void rollback() {
    if (end()) {
      store.closeSnapshot(timestamp);
    }
  }
}
