package org.treatydb.sql.exec;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.IndexLayout;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;

/**
 * Gives the rows that are older than an index their entries. Does no harm when it runs twice, also at the same time. Not thread-safe.
 */
public final class IndexFill {

  /** How many rows one transaction reads and locks. */
  static final int BATCH_ROWS = 250;

  private final TableLayout rows;
  private final IndexWriter entries;

  private IndexFill(TableDescriptor table, IndexDescriptor index, KvTransaction transaction) {
    this.rows = new TableLayout(table);
    this.entries = new IndexWriter(table, new IndexLayout(table, index), transaction);
  }

  /**
   * All within {@code transaction}, which keeps every row locked.
   *
   * @throws org.treatydb.sql.error.SqlFailure 23505 if the index is unique and two rows have the same values
   */
  public static void within(KvTransaction transaction, TableDescriptor table, IndexDescriptor index) {
    IndexFill fill = new IndexFill(table, index, transaction);
    for (KeyRange range : fill.rows.ranges()) {
      try (KvCursor cursor = transaction.scan(range)) {
        while (cursor.next()) {
          fill.add(cursor.key(), cursor.value());
        }
      }
    }
  }

  /**
   * In transactions of at most {@value #BATCH_ROWS} rows, while others write. The index has been in the catalog since before this call, so
   * that they maintain it: rows that come later are none of this one's business.
   *
   * @param goOn asked before each transaction; if it throws, what is done stays done
   * @return whether the index is still there
   * @throws org.treatydb.sql.error.SqlFailure 23505 if the index is unique and two rows have the same values
   */
  public static boolean online(KvStore store, TableDescriptor table, int indexId, Runnable goOn) {
    for (KeyRange range : new TableLayout(table).ranges()) {
      KeyRange remaining = range;
      while (remaining != null) {
        goOn.run();
        List<byte[]> keys = firstKeys(store, remaining);
        if (!store.run(transaction -> batch(transaction, table.id(), indexId, keys))) {
          return false;
        }
        remaining = keys.size() < BATCH_ROWS ? null : new KeyRange(KeyRange.point(keys.getLast()).end(), range.end());
      }
    }
    return true;
  }

  private static List<byte[]> firstKeys(KvStore store, KeyRange range) {
    List<byte[]> keys = new ArrayList<>();
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY); KvCursor cursor = transaction.scan(range)) {
      while (keys.size() < BATCH_ROWS && cursor.next()) {
        keys.add(cursor.key());
      }
    }
    return keys;
  }

  /** Fills in the rows with these keys, if the index is still there; says whether it is. The table may have changed meanwhile. */
  private static boolean batch(KvTransaction transaction, int tableId, int indexId, List<byte[]> keys) {
    TableDescriptor table = CatalogStore.table(transaction, tableId);
    IndexDescriptor index = table == null ? null : table.index(indexId);
    if (index == null) {
      return false;
    }
    IndexFill fill = new IndexFill(table, index, transaction);
    List<byte[]> values = transaction.multiGet(keys);
    for (int i = 0; i < keys.size(); i++) {
      if (values.get(i) != null) {
        fill.add(keys.get(i), values.get(i));
      }
    }
    return true;
  }

  private void add(byte[] key, byte[] value) {
    entries.fill(rows.row(key, value));
  }
}
