package org.treatydb.kv.host.memory;

import java.util.ArrayDeque;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/** Carries out a delete once every snapshot that was open when it was asked for is closed. Thread-safe. */
final class DeferredDeletes {

  private record Delete(long asked, long leafId) {}

  private final LongConsumer delete;
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<Long, Integer> open = new TreeMap<>();
  private final ArrayDeque<Delete> waiting = new ArrayDeque<>();
  private long now;

  DeferredDeletes(LongConsumer delete) {
    this.delete = delete;
  }

  /** Opens a snapshot; returns the time to close it with. */
  long open() {
    lock.lock();
    try {
      open.merge(now, 1, Integer::sum);
      return now;
    } finally {
      lock.unlock();
    }
  }

  void close(long opened) {
    lock.lock();
    try {
      open.computeIfPresent(opened, (key, count) -> count == 1 ? null : count - 1);
      carryOut();
    } finally {
      lock.unlock();
    }
  }

  void delete(long leafId) {
    lock.lock();
    try {
      waiting.add(new Delete(now++, leafId));
      carryOut();
    } finally {
      lock.unlock();
    }
  }

  private void carryOut() {
    while (!waiting.isEmpty() && (open.isEmpty() || open.firstKey() > waiting.peek().asked())) {
      delete.accept(waiting.poll().leafId());
    }
  }
}
