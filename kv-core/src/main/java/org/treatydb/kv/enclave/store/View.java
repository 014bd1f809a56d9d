package org.treatydb.kv.enclave.store;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.enclave.leaf.Directory;
import org.treatydb.kv.enclave.memtable.MemTable;

/**
 * What a reader reads: memtables, directory and the leaves the directory describes, of one moment. Published as a
 * whole, so a leaf that does not match its directory is never a race. Counts its users; the last one to release it
 * gives everything back. Thread-safe.
 */
final class View {

  final Directory directory;
  final SealedStore.Snapshot leaves;
  final List<MemTable> memTables;
  /** Snapshots below this timestamp may miss versions here: flushes have collected them. */
  final long horizon;
  private final AtomicInteger users = new AtomicInteger(1);

  /** Begins with one user: whoever publishes it. */
  View(Directory directory, SealedStore.Snapshot leaves, List<MemTable> memTablesNewestFirst, long horizon) {
    this.directory = directory;
    this.horizon = horizon;
    this.leaves = leaves;
    this.memTables = List.copyOf(memTablesNewestFirst);
    memTables.forEach(MemTable::retain);
  }

  /** False if the view has been given back already: take the one published since. */
  boolean tryRetain() {
    int now = users.get();
    while (now > 0) {
      if (users.compareAndSet(now, now + 1)) {
        return true;
      }
      now = users.get();
    }
    return false;
  }

  /** Refuses a snapshot that would miss versions. */
  void check(long timestamp) {
    if (timestamp < horizon) {
      throw new KvException.Closed(
          ErrorCode.SNAPSHOT_TOO_OLD, "the snapshot is too old: versions that it would have to read have been collected");
    }
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      memTables.forEach(MemTable::release);
      leaves.close();
    }
  }
}
