package org.treatydb.sql.exec;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.type.KeyColumn;

/** Writes the rows of one table in one transaction: encodes them and keeps keys unique. Rows have been checked against their columns. */
final class RowWriter {

  private static final int SHOWN_CHARACTERS_MAX = 60;

  private final TableLayout layout;
  private final KvTransaction transaction;
  private final List<IndexWriter> indexes;

  RowWriter(TableLayout layout, KvTransaction transaction) {
    this.layout = layout;
    this.transaction = transaction;
    this.indexes = layout.indexes().isEmpty() ? List.of()
        : layout.indexes().stream().map(index -> new IndexWriter(layout.table(), index, transaction)).toList();
  }

  /**
   * Adds a row.
   *
   * @throws SqlFailure 23505 if there is one with the same key, or with the same values in a unique index
   */
  void insert(Object[] row) {
    insertRow(row);
    for (IndexWriter index : indexes) {
      index.insert(row);
    }
  }

  private void insertRow(Object[] row) {
    byte[] key = key(row);
    if (!layout.table().hasRowId() && transaction.getForUpdate(key) != null) {
      throw duplicate(row);
    }
    transaction.put(key, layout.value(row));
  }

  /** Removes a row, of which the values in its key and in its indexes are given. */
  void delete(Object[] row) {
    transaction.delete(layout.key(row));
    for (IndexWriter index : indexes) {
      index.delete(row);
    }
  }

  /** Replaces rows; rows whose key changes move together, so that keys, and unique values, may be exchanged among them. */
  void update(List<Object[]> before, List<Object[]> after) {
    List<Object[]> moved = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      byte[] oldKey = layout.key(before.get(i));
      byte[] newKey = key(after.get(i));
      if (Arrays.equals(oldKey, newKey)) {
        transaction.put(oldKey, layout.value(after.get(i)));
      } else {
        transaction.delete(oldKey);
        moved.add(after.get(i));
      }
    }
    moved.forEach(this::insertRow);
    for (IndexWriter index : indexes) {
      index.update(before, after);
    }
  }

  /** {@code rows} without those that have the key of one before them. */
  static List<Object[]> distinct(List<Object[]> rows, TableLayout layout) {
    Set<ByteBuffer> keys = new HashSet<>();
    List<Object[]> distinct = new ArrayList<>();
    for (Object[] row : rows) {
      if (keys.add(ByteBuffer.wrap(layout.key(row)))) {
        distinct.add(row);
      }
    }
    return distinct;
  }

  private byte[] key(Object[] row) {
    byte[] key = layout.key(row);
    if (key.length > KvStore.KEY_BYTES_MAX) {
      throw new SqlFailure(SqlState.PROGRAM_LIMIT_EXCEEDED, "The primary key of a row of table \"" + layout.table().name() + "\" takes "
          + key.length + " bytes, more than the " + KvStore.KEY_BYTES_MAX + " a key can have.");
    }
    return key;
  }

  private SqlFailure duplicate(Object[] row) {
    TableDescriptor table = layout.table();
    StringBuilder columns = new StringBuilder();
    StringBuilder values = new StringBuilder();
    for (KeyColumn column : layout.keys().columns()) {
      String separator = columns.isEmpty() ? "" : ", ";
      columns.append(separator).append(table.columns().get(column.position()).name());
      values.append(separator).append(ValueText.of(row[column.position()], column.type(), SHOWN_CHARACTERS_MAX));
    }
    return new SqlFailure(SqlState.UNIQUE_VIOLATION,
        "Table \"" + table.name() + "\" has a row with primary key (" + columns + ") = (" + values + ") already.");
  }
}
