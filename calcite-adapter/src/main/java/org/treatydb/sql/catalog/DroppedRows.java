package org.treatydb.sql.catalog;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;

/**
 * Deletes the rows of dropped tables in the background, in transactions of at most {@value #BATCH_ROWS} rows, so that dropping a large
 * table is as quick as dropping a small one. What a crash or a close leaves undone is found again at the next start. Thread-safe.
 */
public final class DroppedRows implements AutoCloseable {

  static final int BATCH_ROWS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(DroppedRows.class);

  private final KvStore store;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread worker;
  private boolean wanted = true;
  private boolean closed;

  /** Starts the worker, which first looks for what an earlier run has left. */
  public DroppedRows(KvStore store) {
    this.store = store;
    this.worker = Thread.ofVirtual().name("treaty-dropped-rows").start(this::work);
  }

  /** Says that a transaction which dropped a table has committed. */
  public void wake() {
    lock.lock();
    try {
      wanted = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    while (awaitWork()) {
      try {
        deleteAll();
      } catch (KvException.Retryable e) {
        wake();
      } catch (KvException e) {
        LOG.warn("Deleting the rows of dropped tables stopped: {}", e.getMessage());
        return;
      } catch (RuntimeException e) {
        LOG.error("Deleting the rows of dropped tables failed", e);
        return;
      }
    }
  }

  private boolean awaitWork() {
    lock.lock();
    try {
      while (!wanted && !closed) {
        changed.awaitUninterruptibly();
      }
      wanted = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void deleteAll() {
    for (Dropped index : dropped()) {
      ByteBuffer ids = ByteBuffer.wrap(index.key).position(KeyLayout.PREFIX_BYTES);
      for (KeyRange range : KeyLayout.indexRanges(ids.getInt(), ids.getInt(), index.buckets)) {
        boolean more = true;
        while (more) {
          if (isClosed()) {
            return;
          }
          more = store.run(transaction -> deleteBatch(transaction, range));
        }
      }
      store.run(transaction -> {
        transaction.delete(index.key);
        return null;
      });
    }
  }

  /** An index whose rows remain to be deleted: the key that says so, and how many buckets they are in. */
  private record Dropped(byte[] key, int buckets) {}

  private List<Dropped> dropped() {
    List<Dropped> dropped = new ArrayList<>();
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY);
        KvCursor cursor = transaction.scan(KeyLayout.systemRange(KeyLayout.DROPPED))) {
      while (cursor.next()) {
        dropped.add(new Dropped(cursor.key(), Math.toIntExact(DescriptorCodec.number(cursor.value()))));
      }
    }
    return dropped;
  }

  /** Deletes some rows; says whether there were any. */
  private static boolean deleteBatch(KvTransaction transaction, KeyRange range) {
    List<byte[]> keys = new ArrayList<>();
    try (KvCursor cursor = transaction.scan(range)) {
      while (keys.size() < BATCH_ROWS && cursor.next()) {
        keys.add(cursor.key());
      }
    }
    keys.forEach(transaction::delete);
    return !keys.isEmpty();
  }

  /** Stops after the batch under way. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      worker.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
