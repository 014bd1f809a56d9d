package org.treatydb.dist.enclave.store;

import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/** The sequence numbers of this boot's transactions, and which of them have not ended. Thread-safe. */
final class OpenSequences {

  private final ReentrantLock lock = new ReentrantLock();
  private final TreeSet<Long> open = new TreeSet<>();
  private long last;

  long begin() {
    lock.lock();
    try {
      open.add(++last);
      return last;
    } finally {
      lock.unlock();
    }
  }

  void end(long sequence) {
    lock.lock();
    try {
      open.remove(sequence);
    } finally {
      lock.unlock();
    }
  }

  /** Every smaller sequence number has ended. */
  long oldest() {
    lock.lock();
    try {
      return open.isEmpty() ? last + 1 : open.first();
    } finally {
      lock.unlock();
    }
  }
}
