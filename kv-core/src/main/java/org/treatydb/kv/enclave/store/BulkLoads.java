package org.treatydb.kv.enclave.store;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.enclave.leaf.LeafLoad;
import org.treatydb.kv.enclave.wal.WalRecord;

/** Brings rows past the WAL into the leaves, one load at a time. Thread-safe. */
final class BulkLoads {

  private final VersionStore store;
  private final Views views;
  private final SnapshotRegistry snapshots;
  private final CommitOrder order;
  private final Flusher flushes;
  private final ReentrantLock loading = new ReentrantLock();

  BulkLoads(VersionStore store, Views views, SnapshotRegistry snapshots, CommitOrder order, Flusher flushes) {
    this.store = store;
    this.views = views;
    this.snapshots = snapshots;
    this.order = order;
    this.flushes = flushes;
  }

  /** As {@link VersionStore#load}. */
  long load(TransactionId transaction, KeyRange range, Iterator<KeyValue> rows) {
    loading.lock();
    try {
      requireEmpty(range);
      if (views.memTablesHold(range)) {
        // What is left of deleted rows would hide the new ones.
        views.freezeWithNextCommit();
        store.commit(transaction, List.of());
        views.awaitFlushOf(range);
      }
      LeafLoad load = write(flushes.beginLoad(range), rows);
      if (load.rows() > 0) {
        publish(load);
      }
      return load.rows();
    } finally {
      loading.unlock();
    }
  }

  private void requireEmpty(KeyRange range) {
    if (holds(range, VersionStore.NEWEST)) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "there are rows where others are to be loaded");
    }
    for (long timestamp : snapshots.openPoints()) {
      if (isRead(range, timestamp)) {
        throw new KvException.InvalidRequest(
            ErrorCode.INVALID_ARGUMENT, "a snapshot is open that still reads deleted rows where others are to be loaded");
      }
    }
  }

  /** As {@link #holds}; false, too, if reading at {@code timestamp} is refused, as it then stays. */
  private boolean isRead(KeyRange range, long timestamp) {
    try {
      return holds(range, timestamp);
    } catch (KvException.Closed e) {
      if (e.code() == ErrorCode.SNAPSHOT_TOO_OLD) {
        return false;
      }
      throw e;
    }
  }

  private boolean holds(KeyRange range, long timestamp) {
    try (StoreCursor cursor = store.scan(range, timestamp, false)) {
      return cursor.next();
    } catch (RuntimeException e) {
      throw store.noted(e);
    }
  }

  private LeafLoad write(LeafLoad load, Iterator<KeyValue> rows) {
    boolean written = false;
    try {
      while (rows.hasNext()) {
        store.health().check();
        load.add(rows.next());
      }
      if (load.rows() > 0) {
        load.finish();
      }
      written = true;
      return load;
    } finally {
      if (!written && !store.health().hasFailed()) {
        flushes.abandonLoads();
      }
    }
  }

  /** At a moment when every commit before it is visible and none after it has begun. */
  private void publish(LeafLoad load) {
    try {
      order.alone(timestamp -> {
        LogHead manifestHead = flushes.publish(load, timestamp);
        snapshots.publish(timestamp);
        // What was deleted in the range before is gone.
        snapshots.admitNoneBefore();
        bindToWal(manifestHead);
      });
    } catch (RuntimeException e) {
      throw store.noted(e);
    }
  }

  /** Names the MANIFEST with the load in it, before any later commit. */
  private void bindToWal(LogHead manifestHead) {
    try {
      order.awaitStable(order.append(new WalRecord.Loaded(manifestHead)));
    } catch (RuntimeException e) {
      store.health().fail(e);
      throw new KvException.UnknownOutcome("a bulk load was under way when the store failed: " + e.getMessage(), e);
    }
  }
}
