package org.treatydb.kv.enclave.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.enclave.leaf.Directory;
import org.treatydb.kv.enclave.memtable.MemTable;

/**
 * Which memtables and which directory are current: publishes views of them, freezes the memtable that is full, hands
 * frozen ones to the flusher, and holds writers back while too many wait. Thread-safe.
 */
final class Views {

  private final SealedStore leaves;
  private final StoreLimits limits;
  private final Supplier<MemTable> newMemTable;
  private final FlushTimes flushTimes = new FlushTimes();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  /** Oldest first. */
  private final Deque<MemTable> frozen = new ArrayDeque<>();
  private Directory directory;
  private MemTable active;
  private long horizon;
  private boolean stopped;
  private volatile boolean freezeAsked;
  private volatile View current;

  Views(SealedStore leaves, StoreLimits limits, Directory directory, Supplier<MemTable> newMemTable) {
    this.leaves = leaves;
    this.limits = limits;
    this.directory = directory;
    this.newMemTable = newMemTable;
    this.active = newMemTable.get();
    publish();
  }

  /**
   * The present view; the caller releases it.
   *
   * @throws KvException.Closed if there is none any more
   */
  View acquire() {
    while (true) {
      View view = current;
      if (view == null) {
        throw new KvException.Closed(ErrorCode.STORE_CLOSED, "the store is closed");
      }
      if (view.tryRetain()) {
        return view;
      }
      Thread.onSpinWait();
    }
  }

  /** The memtable that takes writes. Only the one thread that applies commits may use it to write. */
  MemTable active() {
    return active;
  }

  /**
   * Freezes the active memtable if it is full, or somebody has asked for that. While too many wait for their flush, this waits, too, if
   * {@code backpressure}.
   */
  boolean freezeIfFull(boolean backpressure) {
    if (active.bytes() < limits.memTableBytesMax() && !freezeAsked) {
      return false;
    }
    lock.lock();
    try {
      while (backpressure && frozen.size() >= limits.frozenMemTablesMax() && !stopped) {
        changed.awaitUninterruptibly();
      }
      freezeAsked = false;
      freeze();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void freeze() {
    frozen.addLast(active);
    active = newMemTable.get();
    publish();
    changed.signalAll();
  }

  /**
   * Freezes the active memtable and returns when everything is in leaves, or the flusher has stopped. Nobody may write
   * any more.
   */
  void flushAll() {
    lock.lock();
    try {
      if (!active.isEmpty()) {
        freeze();
      }
      while (!frozen.isEmpty() && !stopped) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a frozen memtable and returns the oldest, which stays in the views; null when stopped. */
  MemTable takeFrozen() {
    lock.lock();
    try {
      while (frozen.isEmpty() && !stopped) {
        changed.awaitUninterruptibly();
      }
      return stopped ? null : frozen.peekFirst();
    } finally {
      lock.unlock();
    }
  }

  /** The oldest WAL record that anything in the memtables reaches back to, but for {@code flushed}. */
  long firstRecordBeside(MemTable flushed) {
    lock.lock();
    try {
      return frozen.stream().filter(table -> table != flushed).mapToLong(MemTable::firstRecord)
          .reduce(active.firstRecord(), Math::min);
    } finally {
      lock.unlock();
    }
  }

  FlushTimes flushTimes() {
    return flushTimes;
  }

  /**
   * The oldest frozen memtable is now, by that flush, in the leaves that {@code newDirectory} describes; where snapshots below
   * {@code collectedUpTo} miss versions.
   */
  void flushed(MemTable table, long flushId, Directory newDirectory, long collectedUpTo) {
    lock.lock();
    try {
      flushTimes.add(flushId, table.lastTimestamp());
      frozen.removeFirst();
      directory = newDirectory;
      horizon = Math.max(horizon, collectedUpTo);
      publish();
      table.release();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void publish() {
    List<MemTable> newestFirst = new ArrayList<>(frozen.size() + 1);
    newestFirst.add(active);
    frozen.descendingIterator().forEachRemaining(newestFirst::add);
    View old = current;
    current = new View(directory, leaves.snapshot(), newestFirst, horizon);
    if (old != null) {
      old.release();
    }
  }

  /** What a load has written is now in the leaves that {@code newDirectory} describes. */
  void loaded(long flushId, long timestamp, Directory newDirectory) {
    lock.lock();
    try {
      flushTimes.add(flushId, timestamp);
      directory = newDirectory;
      publish();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a memtable holds a version of a key in {@code range}. */
  boolean memTablesHold(KeyRange range) {
    lock.lock();
    try {
      return holds(active, range) || frozen.stream().anyMatch(table -> holds(table, range));
    } finally {
      lock.unlock();
    }
  }

  private static boolean holds(MemTable table, KeyRange range) {
    return table.scan(range, VersionStore.NEWEST, false).next();
  }

  /** Has the active memtable frozen with the next commit, though it is not full. */
  void freezeWithNextCommit() {
    freezeAsked = true;
  }

  /** Returns when no memtable holds a version of a key in {@code range}, which nobody writes to; or the flusher has stopped. */
  void awaitFlushOf(KeyRange range) {
    lock.lock();
    try {
      while (!stopped && (holds(active, range) || frozen.stream().anyMatch(table -> holds(table, range)))) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the flusher end, and nobody wait any more. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Gives the memory and the snapshot back, once the last reader has left. */
  void close() {
    lock.lock();
    try {
      View last = current;
      current = null;
      last.release();
      active.release();
      frozen.forEach(MemTable::release);
      frozen.clear();
    } finally {
      lock.unlock();
    }
  }
}
