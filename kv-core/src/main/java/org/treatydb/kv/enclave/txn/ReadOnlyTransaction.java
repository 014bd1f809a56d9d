package org.treatydb.kv.enclave.txn;

import java.util.List;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.enclave.lifecycle.AbstractTransaction;
import org.treatydb.kv.enclave.store.StoreCursor;
import org.treatydb.kv.enclave.store.VersionStore;

/** Reads one snapshot: everything acknowledged before it began, nothing after. Takes no locks, waits for nobody. */
final class ReadOnlyTransaction extends AbstractTransaction implements Branch {

  /** A savepoint of a transaction that has nothing to undo. */
  private record Mark(ReadOnlyTransaction owner) implements Savepoint {}

  private final VersionStore store;
  private final Runnable ended;
  private final long timestamp;

  /** {@code snapshot}: is open; the transaction closes it. */
  ReadOnlyTransaction(Beginning beginning, Engine engine, TransactionOptions options, long snapshot) {
    super(beginning.id(), TransactionView.Kind.READ_ONLY, engine.surroundings(), options);
    this.store = engine.store();
    this.ended = beginning.ended();
    this.timestamp = snapshot;
  }

  @Override
  protected byte[] read(byte[] key, boolean forUpdate) {
    if (forUpdate) {
      throw refused();
    }
    return store.get(key, timestamp);
  }

  @Override
  protected List<byte[]> readAll(List<byte[]> keys) {
    return store.multiGet(keys, timestamp);
  }

  @Override
  protected KvCursor openScan(KeyRange range, ScanOptions options) {
    if (options.forUpdate()) {
      throw refused();
    }
    StoreCursor cursor = store.scan(range, timestamp, options.reverse());
    return opened(cursor, cursor::close);
  }

  @Override
  protected void write(byte[] key, byte[] value) {
    throw refused();
  }

  private static KvException refused() {
    return new KvException.InvalidRequest(ErrorCode.READ_ONLY_TRANSACTION, "the transaction is read-only");
  }

  @Override
  protected Savepoint mark() {
    return new Mark(this);
  }

  @Override
  protected void undoTo(Savepoint savepoint) {
    if (!(savepoint instanceof Mark mark) || mark.owner != this) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_SAVEPOINT, "no such savepoint in this transaction");
    }
  }

  @Override
  protected void forget(Savepoint savepoint) {
    undoTo(savepoint);
  }

  @Override
  protected void commitWrites() {
    // There are none.
  }

  /** It has its place at its snapshot, whatever else the transaction does. */
  @Override
  public Vote prepare(long floor, Runnable check) {
    return lastCall(() -> {
      outlive();
      return new Vote(timestamp, store.clockLimit());
    });
  }

  @Override
  public long commit(long floor, long ceiling, Runnable check) {
    commit();
    return timestamp;
  }

  @Override
  public void release(long committedAt) {
    commit();
  }

  @Override
  protected void giveBack() {
    store.closeSnapshot(timestamp);
    ended.run();
  }
}
