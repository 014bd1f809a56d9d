package org.treatydb.sql.session;

import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.sql.catalog.KeyLayout;

/** A store that counts what is asked of it about users' tables; the catalog's own rows are not counted. Used by one thread. */
final class CountingStore implements KvStore {

  private final KvStore store;
  private int gets;
  private int multiGets;
  private int scans;
  private int rowsScanned;
  private int cursorsOpen;

  CountingStore(KvStore store) {
    this.store = store;
  }

  /** What was counted since the last call: "1 get", "2 scans of 7 rows" and so on. */
  String counted() {
    String counted = (gets > 0 ? gets + " get " : "") + (multiGets > 0 ? multiGets + " multi-get " : "")
        + (scans > 0 ? scans + " scan of " + rowsScanned + " rows" : "");
    gets = 0;
    multiGets = 0;
    scans = 0;
    rowsScanned = 0;
    return counted.strip();
  }

  /** How many cursors over users' tables are open. */
  int openCursors() {
    return cursorsOpen;
  }

  @Override
  public KvTransaction begin(TransactionOptions options) {
    return new Transaction(store.begin(options));
  }

  @Override
  public LockView locks() {
    return store.locks();
  }

  @Override
  public List<TransactionView> transactions() {
    return store.transactions();
  }

  @Override
  public void close() {
    store.close();
  }

  static boolean isUsers(byte[] key) {
    return key.length >= 6 && KeyLayout.tableId(key) >= KeyLayout.FIRST_USER_TABLE;
  }

  private final class Transaction implements KvTransaction {

    private final KvTransaction transaction;

    Transaction(KvTransaction transaction) {
      this.transaction = transaction;
    }

    @Override
    public TransactionId id() {
      return transaction.id();
    }

    @Override
    public byte[] get(byte[] key) {
      gets += isUsers(key) ? 1 : 0;
      return transaction.get(key);
    }

    @Override
    public byte[] getForUpdate(byte[] key) {
      gets += isUsers(key) ? 1 : 0;
      return transaction.getForUpdate(key);
    }

    @Override
    public List<byte[]> multiGet(List<byte[]> keys) {
      multiGets++;
      return transaction.multiGet(keys);
    }

    @Override
    public KvCursor scan(KeyRange range, ScanOptions options) {
      boolean counted = isUsers(range.start());
      scans += counted ? 1 : 0;
      // The thread that deletes dropped tables' rows scans too, but reads the catalog's rows only.
      cursorsOpen += counted ? 1 : 0;
      KvCursor cursor = transaction.scan(range, options);
      return new KvCursor() {
        private boolean open = true;

        @Override
        public boolean next() {
          boolean found = cursor.next();
          rowsScanned += counted && found ? 1 : 0;
          return found;
        }

        @Override
        public byte[] key() {
          return cursor.key();
        }

        @Override
        public byte[] value() {
          return cursor.value();
        }

        @Override
        public void close() {
          cursorsOpen -= counted && open ? 1 : 0;
          open = false;
          cursor.close();
        }
      };
    }

    @Override
    public void put(byte[] key, byte[] value) {
      transaction.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
      transaction.delete(key);
    }

    @Override
    public Savepoint savepoint() {
      return transaction.savepoint();
    }

    @Override
    public void rollbackTo(Savepoint savepoint) {
      transaction.rollbackTo(savepoint);
    }

    @Override
    public void release(Savepoint savepoint) {
      transaction.release(savepoint);
    }

    @Override
    public void commit() {
      transaction.commit();
    }

    @Override
    public void rollback() {
      transaction.rollback();
    }

    @Override
    public void setCancelled(boolean cancelled) {
      transaction.setCancelled(cancelled);
    }

    @Override
    public void close() {
      transaction.close();
    }
  }
}
