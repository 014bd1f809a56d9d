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
    for (byte[] dropped : dropped()) {
      ByteBuffer ids = ByteBuffer.wrap(dropped).position(KeyLayout.PREFIX_BYTES);
      KeyRange range = KeyLayout.indexRange(ids.getInt(), ids.getInt());
      boolean more = true;
      while (more && !isClosed()) {
        more = store.run(transaction -> deleteBatch(transaction, range, dropped));
      }
    }
  }

  private List<byte[]> dropped() {
    List<byte[]> keys = new ArrayList<>();
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY);
        KvCursor cursor = transaction.scan(KeyLayout.indexRange(KeyLayout.DROPPED, KeyLayout.PRIMARY_INDEX))) {
      while (cursor.next()) {
        keys.add(cursor.key());
      }
    }
    return keys;
  }

  /** Deletes some rows, or, when there are none left, the entry that speaks of them. */
  private static boolean deleteBatch(KvTransaction transaction, KeyRange range, byte[] dropped) {
    List<byte[]> keys = new ArrayList<>();
    try (KvCursor cursor = transaction.scan(range)) {
      while (keys.size() < BATCH_ROWS && cursor.next()) {
        keys.add(cursor.key());
      }
    }
    keys.forEach(transaction::delete);
    if (keys.isEmpty()) {
      transaction.delete(dropped);
    }
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
