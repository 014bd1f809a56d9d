package org.treatydb.kv.enclave.txn;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.enclave.version.EntryCursor;

/** What all kinds of transaction share: the life cycle, and the cursors that end with it. */
abstract class AbstractTransaction implements KvTransaction {

  final VersionStore store;
  private final TransactionId id;
  private final Set<Cursor> cursors = new LinkedHashSet<>();
  private boolean ended;

  AbstractTransaction(TransactionId id, VersionStore store) {
    this.id = id;
    this.store = store;
  }

  @Override
  public final TransactionId id() {
    return id;
  }

  final void checkActive() {
    if (ended) {
      throw new KvException.Closed(ErrorCode.TRANSACTION_ENDED, "the transaction has ended");
    }
    store.health().check();
  }

  static void checkKey(byte[] key) {
    if (key.length > KvStore.KEY_BYTES_MAX) {
      throw new KvException.InvalidRequest(
          ErrorCode.LIMIT_EXCEEDED, "a key of " + key.length + " bytes; at most " + KvStore.KEY_BYTES_MAX + " are allowed");
    }
  }

  /** Hands out {@code entries}; {@code closing} runs once, when the cursor or the transaction is closed. */
  final KvCursor opened(EntryCursor entries, Runnable closing) {
    Cursor cursor = new Cursor(entries, closing);
    cursors.add(cursor);
    return cursor;
  }

  /** Marks the end and closes the cursors; false if the transaction had ended already. */
  final boolean end() {
    if (ended) {
      return false;
    }
    ended = true;
    List.copyOf(cursors).forEach(Cursor::close);
    return true;
  }

  @Override
  public final void close() {
    rollback();
  }

  private final class Cursor implements KvCursor {

    private final EntryCursor entries;
    private final Runnable closing;
    private boolean closed;

    Cursor(EntryCursor entries, Runnable closing) {
      this.entries = entries;
      this.closing = closing;
    }

    private void checkOpen() {
      if (closed) {
        throw new KvException.Closed(ErrorCode.TRANSACTION_ENDED, "the cursor is closed");
      }
    }

    @Override
    public boolean next() {
      checkOpen();
      store.health().check();
      try {
        return entries.next();
      } catch (RuntimeException e) {
        throw store.noted(e);
      }
    }

    @Override
    public byte[] key() {
      checkOpen();
      return entries.key();
    }

    @Override
    public byte[] value() {
      checkOpen();
      try {
        return entries.value();
      } catch (RuntimeException e) {
        throw store.noted(e);
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        cursors.remove(this);
        closing.run();
      }
    }
  }
}
