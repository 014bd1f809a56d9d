package org.treatydb.kv.enclave.store;

import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.enclave.wal.WalRecord;

/**
 * The newest writes of commits that have their place in the WAL and are not visible yet, for those who lock the same keys meanwhile.
 * Commits of many writes are left out: they keep their locks instead. Thread-safe.
 */
final class UnstableWrites {

  private static final int COMMIT_WRITES_MAX = 64;

  private final ConcurrentNavigableMap<byte[], UnstableWrite> newest = new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

  /** Whether a commit of these writes is entered here. */
  static boolean takes(List<WalRecord.Write> writes) {
    return writes.size() <= COMMIT_WRITES_MAX;
  }

  /** Enters a commit: in WAL order, and before it can become stable. */
  void add(long counter, List<WalRecord.Write> writes) {
    if (takes(writes)) {
      writes.forEach(write -> newest.put(write.key(), new UnstableWrite(counter, write.value())));
    }
  }

  /** The commit is visible, or will never be. */
  void remove(long counter, List<WalRecord.Write> writes) {
    if (takes(writes)) {
      writes.forEach(write -> newest.computeIfPresent(write.key(), (key, now) -> now.counter() == counter ? null : now));
    }
  }

  /** Null if there is none. */
  UnstableWrite find(byte[] key) {
    return newest.get(key);
  }

  /** The WAL's record that makes all in {@code range} stable that is here now; 0 if there is nothing. */
  long newestIn(KeyRange range) {
    if (newest.isEmpty() || range.isEmpty()) {
      return 0;
    }
    if (range.isPoint()) {
      UnstableWrite write = find(range.start());
      return write == null ? 0 : write.counter();
    }
    NavigableMap<byte[], UnstableWrite> inside =
        range.end() == null ? newest.tailMap(range.start(), true) : newest.subMap(range.start(), true, range.end(), false);
    return inside.values().stream().mapToLong(UnstableWrite::counter).max().orElse(0);
  }
}
