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
    /** What the block is of. */
    private SequenceDescriptor sequence;
  }

  /** The id of a sequence to be created; {@code last} is the number after which it goes on, or null. */
  int newId(Long last) {
    return store.run(transaction -> CatalogStore.nextSequenceId(transaction, last));
  }

  /** The next number. */
  long next(SequenceDescriptor sequence) {
    Open numbers = open.computeIfAbsent(sequence.id(), _ -> new Open());
    numbers.lock.lock();
    try {
      if (!sequence.equals(numbers.sequence)) {
        giveBack(numbers);
        numbers.sequence = sequence;
      }
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

  /** When ALTER SEQUENCE, or its ROLLBACK, has changed what follows the last number. */
  private void giveBack(Open numbers) {
    if (!numbers.block.isEmpty()) {
      NumberBlock left = numbers.block;
      long increment = numbers.sequence.increment();
      numbers.block = NumberBlock.NONE;
      store.run(transaction -> {
        CatalogStore.giveBack(transaction, numbers.sequence.id(), left.last(increment), left.first() - increment);
        return null;
      });
    }
  }
}
