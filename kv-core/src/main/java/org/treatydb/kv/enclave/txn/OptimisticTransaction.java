package org.treatydb.kv.enclave.txn;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.enclave.lock.LockMode;
import org.treatydb.kv.enclave.store.StoreCursor;
import org.treatydb.kv.enclave.wal.WalRecord;

/**
 * A read-write transaction that reads one snapshot and notes what it reads. Its commit locks what was written, exclusively, and what
 * was read, shared, in the table that pessimistic transactions use, too; then it sees to it that nothing read has changed since the
 * snapshot. So all its reads hold at the moment of its commit, as if made then. One that has written nothing needs none of that: it
 * has its place at the snapshot, behind everything acknowledged before it began.
 */
final class OptimisticTransaction extends WritingTransaction {

  private final long snapshot;
  private final ReadSet reads = new ReadSet();

  /** {@code snapshot}: is open; the transaction closes it. */
  OptimisticTransaction(Beginning beginning, Engine engine, TransactionOptions options, long snapshot) {
    super(beginning, TransactionView.Kind.OPTIMISTIC, engine, options);
    this.snapshot = snapshot;
  }

  @Override
  byte[] readStored(byte[] key, boolean forUpdate) {
    KeyRange point = KeyRange.point(key);
    reads.add(point);
    if (forUpdate) {
      refuseIfLost(List.of(point));
    }
    return store.get(key, snapshot);
  }

  @Override
  List<byte[]> readStored(List<byte[]> keys) {
    keys.forEach(key -> reads.add(KeyRange.point(key)));
    return store.multiGet(keys, snapshot);
  }

  @Override
  protected KvCursor openScan(KeyRange range, ScanOptions options) {
    StoreCursor stored = store.scan(range, snapshot, options.reverse());
    WalkedScan scan = new WalkedScan(withWrites(stored, range, options.reverse()), range, options.reverse());
    return opened(scan, () -> {
      scan.walked().ifPresent(reads::add);
      stored.close();
    });
  }

  @Override
  void beforeWrite(byte[] key) {
    // Locked at the commit.
  }

  @Override
  List<WalRecord.Write> toCommit(boolean othersWrite) {
    if (writes.isEmpty() && !othersWrite) {
      return List.of();
    }
    List<WalRecord.Write> record = writes.toRecord();
    List<KeyRange> read = reads.ranges();
    refuseIfLost(read);
    lock(record, read);
    if (!store.isUnchanged(read, snapshot)) {
      throw changed();
    }
    return record;
  }

  /** Spares a transaction that will write, and cannot commit any more, the rest of its work, and others its locks. */
  private void refuseIfLost(List<KeyRange> read) {
    if (store.isUnstable(read)) {
      throw changed();
    }
  }

  private static KvException.Retryable changed() {
    return new KvException.Retryable(
        ErrorCode.SERIALIZATION_CONFLICT, "another transaction changed what this one had read; run it again");
  }

  /** In key order, which makes deadlocks among such transactions rare. */
  private void lock(List<WalRecord.Write> written, List<KeyRange> read) {
    Iterator<KeyRange> ranges = read.iterator();
    KeyRange range = ranges.hasNext() ? ranges.next() : null;
    for (WalRecord.Write write : written) {
      while (range != null && Arrays.compareUnsigned(range.start(), write.key()) < 0) {
        lockRead(range);
        range = ranges.hasNext() ? ranges.next() : null;
      }
      lockKey(write.key(), LockMode.EXCLUSIVE);
    }
    while (range != null) {
      lockRead(range);
      range = ranges.hasNext() ? ranges.next() : null;
    }
  }

  private void lockRead(KeyRange range) {
    if (range.isPoint()) {
      lockKey(range.start(), LockMode.SHARED);
    } else {
      lockRange(range, LockMode.SHARED);
    }
  }

  /** Running again helps: the snapshot will be a new one. */
  @Override
  protected KvException tooOld(KvException.Closed refusal) {
    return new KvException.Retryable(ErrorCode.SERIALIZATION_CONFLICT, refusal.getMessage() + "; run the transaction again");
  }

  @Override
  protected void giveBack() {
    super.giveBack();
    store.closeSnapshot(snapshot);
  }
}
