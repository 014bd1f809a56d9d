package org.treatydb.kv.enclave.store;

import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.enclave.leaf.Directory;
import org.treatydb.kv.enclave.leaf.LeafEntry;
import org.treatydb.kv.enclave.leaf.LeafReader;
import org.treatydb.kv.enclave.memtable.MemTable;
import org.treatydb.kv.enclave.version.EntryCursor;

/**
 * Looks in a view for versions newer than a snapshot that is still open. Such versions are in memtables, and in leaves that have a
 * frame of a flush since; no other leaf is read. They have not been collected, tombstones included, since the snapshot is open.
 *
 * @param firstFlush the first flush that wrote something newer; ids are compared as unsigned numbers
 */
record ChangeSearch(View view, LeafReader reader, long since, long firstFlush) {

  /** Whether there is a newer version of a key in {@code range}. */
  boolean finds(KeyRange range) {
    for (MemTable table : view.memTables) {
      if (table.lastTimestamp() > since && isNewerIn(table.scan(range, VersionStore.NEWEST, false))) {
        return true;
      }
    }
    Directory directory = view.directory;
    int last = range.end() == null ? directory.size() - 1 : directory.find(range.end());
    for (int i = directory.find(range.start()); i <= last; i++) {
      LeafEntry leaf = directory.leaf(i);
      if (isWrittenSince(leaf) && isNewerIn(reader.read(leaf, view.leaves).scan(range, VersionStore.NEWEST, false))) {
        return true;
      }
    }
    return false;
  }

  private boolean isWrittenSince(LeafEntry leaf) {
    long[] flushes = leaf.flushIds();
    return flushes.length > 0 && Long.compareUnsigned(flushes[flushes.length - 1], firstFlush) >= 0;
  }

  private boolean isNewerIn(EntryCursor newestVersions) {
    while (newestVersions.next()) {
      if (newestVersions.timestamp() > since) {
        return true;
      }
    }
    return false;
  }
}
