package org.treatydb.sql.session;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.api.KvStore;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.NumberBlock;
import org.treatydb.sql.catalog.SequenceDescriptor;

/**
 * Hands out the numbers of sequences: takes them from the store in blocks, each in a transaction of its own, which waits for no other
 * transaction's end. What is left of a block when the process ends is lost. Thread-safe.
 */
final class SequenceNumbers {

  /** So many numbers are taken from the store at a time. */
  static final int BLOCK = 32;

  private final KvStore store;
  private final ConcurrentMap<Integer, Open> open = new ConcurrentHashMap<>();

  SequenceNumbers(KvStore store) {
    this.store = store;
  }

  /** A sequence in use. */
  private static final class Open {
    private final ReentrantLock lock = new ReentrantLock();
    private NumberBlock block = NumberBlock.NONE;
  }

  /** The id of a sequence to be created. */
  int newId() {
    return store.run(CatalogStore::nextSequenceId);
  }

  /** The next number. */
  long next(SequenceDescriptor sequence) {
    Open numbers = open.computeIfAbsent(sequence.id(), _ -> new Open());
    numbers.lock.lock();
    try {
      if (numbers.block.isEmpty()) {
        numbers.block = store.run(transaction -> CatalogStore.takeNumbers(transaction, sequence, BLOCK));
      }
      long number = numbers.block.first();
      numbers.block = numbers.block.rest(sequence.increment());
      return number;
    } finally {
      numbers.lock.unlock();
    }
  }
}
