package org.treatydb.sql.exec;

import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.sql.catalog.IndexLayout;
import org.treatydb.sql.catalog.TableLayout;

/**
 * Where rows to be inserted meet those that are there. Immutable, thread-safe.
 *
 * @param index a unique index that has all rows; null for the primary key
 */
public record Arbiter(TableLayout layout, IndexLayout index) {

  /** The key that no other row can have; null if any can, or if none can have it at all. */
  byte[] key(Object[] row) {
    if (index != null && !index.excludesOthers(row)) {
      return null;
    }
    byte[] key = index == null ? layout.key(row) : index.key(row);
    return key.length > KvStore.KEY_BYTES_MAX ? null : key;
  }

  /** The row that has this key, which is locked exclusively, whether there is one or not; null if there is none. */
  Object[] present(byte[] key, KvTransaction transaction) {
    byte[] value = transaction.getForUpdate(key);
    if (value == null || index == null) {
      return value == null ? null : layout.row(key, value);
    }
    byte[] rowKey = layout.key(index.row(key, value));
    return layout.row(rowKey, transaction.getForUpdate(rowKey));
  }
}
