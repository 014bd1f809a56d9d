package org.treatydb.kv.enclave.store;

import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;

/**
 * Which timestamps are being read at, so that the versions they see are kept; and up to which commits are visible.
 * Thread-safe.
 */
final class SnapshotRegistry {

  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<Long, Integer> readers = new TreeMap<>();
  private long visible;

  SnapshotRegistry(long visible) {
    this.visible = visible;
  }

  /** Makes commits up to {@code timestamp} visible to those who open a snapshot from now on. */
  void publish(long timestamp) {
    lock.lock();
    try {
      visible = Math.max(visible, timestamp);
    } finally {
      lock.unlock();
    }
  }

  /** Opens a snapshot of all that is visible and returns its timestamp. */
  long open() {
    lock.lock();
    try {
      readers.merge(visible, 1, Integer::sum);
      return visible;
    } finally {
      lock.unlock();
    }
  }

  void close(long timestamp) {
    lock.lock();
    try {
      readers.computeIfPresent(timestamp, (key, count) -> count == 1 ? null : count - 1);
    } finally {
      lock.unlock();
    }
  }

  /** The timestamps that present readers read at, ascending, and last the smallest that a future one may read at. */
  long[] readPoints() {
    lock.lock();
    try {
      return LongStream.concat(readers.headMap(visible).keySet().stream().mapToLong(each -> each), LongStream.of(visible)).toArray();
    } finally {
      lock.unlock();
    }
  }
}
