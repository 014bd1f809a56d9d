package org.treatydb.kv.enclave.store;

import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Which flushes of this boot have written commits newer than a snapshot. Flushes of earlier boots have not: no snapshot is older than
 * the boot it was opened in. Thread-safe; one thread adds and forgets.
 */
final class FlushTimes {

  /** No flush: above every flush id, as an unsigned number. */
  static final long NONE = -1;

  /**
   * The flush, by the newest commit it wrote. Those are in no order: a load gets its id long before its time, and a distributed
   * transaction may be committed below others that were before it.
   */
  private final ConcurrentSkipListMap<Long, Long> flushes = new ConcurrentSkipListMap<>();

  /** To be called before leaves written by {@code flushId} show in a view. */
  void add(long flushId, long newestTimestamp) {
    flushes.merge(newestTimestamp, flushId, (one, other) -> Long.compareUnsigned(one, other) < 0 ? one : other);
  }

  /**
   * The first flush that wrote a commit newer than {@code timestamp}, which is an open snapshot's; {@link #NONE} if none has. Flush
   * ids ascend, as unsigned numbers.
   */
  long firstAfter(long timestamp) {
    return flushes.tailMap(timestamp, false).values().stream().min(Long::compareUnsigned).orElse(NONE);
  }

  /** No snapshot older than {@code timestamp} is open, or will be. */
  void forgetUpTo(long timestamp) {
    flushes.headMap(timestamp, true).clear();
  }
}
