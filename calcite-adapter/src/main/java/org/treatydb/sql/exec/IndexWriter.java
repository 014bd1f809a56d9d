package org.treatydb.sql.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.IndexLayout;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.error.SqlFailure;

/**
 * Writes the entries of one index in one transaction. While the index is being built, rows older than it may have no entry yet, and two
 * of them may even have the same values in a unique index, of which the first that comes has the entry: whoever meets one that is not its
 * row's leaves it alone, and the one who fills the index finds out.
 */
final class IndexWriter {

  private static final int SHOWN_CHARACTERS_MAX = 60;

  private final TableDescriptor table;
  private final IndexLayout layout;
  private final IndexDescriptor index;
  private final KvTransaction transaction;

  IndexWriter(TableDescriptor table, IndexLayout layout, KvTransaction transaction) {
    this.table = table;
    this.layout = layout;
    this.index = layout.index();
    this.transaction = transaction;
  }

  /**
   * Adds the entry of a new row.
   *
   * @throws SqlFailure 23505 if the index is unique and another row has the same values
   */
  void insert(Object[] row) {
    byte[] key = key(row);
    if (layout.excludesOthers(row) && transaction.getForUpdate(key) != null) {
      throw duplicate(row);
    }
    transaction.put(key, layout.value(row));
  }

  void delete(Object[] row) {
    byte[] key = layout.key(row);
    if (isOfNoOther(key, row)) {
      transaction.delete(key);
    }
  }

  /** Replaces the entries of rows, but for those that stay as they are; values can be exchanged among the rows. */
  void update(List<Object[]> before, List<Object[]> after) {
    List<Object[]> moved = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      byte[] oldKey = layout.key(before.get(i));
      byte[] newKey = layout.key(after.get(i));
      if (!Arrays.equals(oldKey, newKey)) {
        delete(before.get(i));
        moved.add(after.get(i));
      } else if (!Arrays.equals(layout.value(before.get(i)), layout.value(after.get(i))) && isOfNoOther(oldKey, before.get(i))) {
        transaction.put(newKey, layout.value(after.get(i)));
      }
    }
    moved.forEach(this::insert);
  }

  /**
   * Adds the entry of a row that is older than the index, unless its writer has done so.
   *
   * @throws SqlFailure 23505 if the index is unique and another row has the same values
   */
  void fill(Object[] row) {
    byte[] key = key(row);
    if (layout.excludesOthers(row)) {
      byte[] present = transaction.getForUpdate(key);
      if (present != null) {
        if (layout.isOf(present, row)) {
          return;
        }
        throw duplicate(row);
      }
    }
    transaction.put(key, layout.value(row));
  }

  private boolean isOfNoOther(byte[] key, Object[] row) {
    if (index.isReady() || !layout.excludesOthers(row)) {
      return true;
    }
    byte[] present = transaction.getForUpdate(key);
    return present == null || layout.isOf(present, row);
  }

  private byte[] key(Object[] row) {
    byte[] key = layout.key(row);
    if (key.length > KvStore.KEY_BYTES_MAX) {
      throw new SqlFailure(SqlState.PROGRAM_LIMIT_EXCEEDED, "The entry of a row of table \"" + table.name() + "\" in index \""
          + index.name() + "\" takes " + key.length + " bytes, more than the " + KvStore.KEY_BYTES_MAX + " a key can have.");
    }
    return key;
  }

  private SqlFailure duplicate(Object[] row) {
    List<String> columns = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int position : table.positions(index)) {
      columns.add(table.columns().get(position).name());
      values.add(ValueText.of(row[position], table.columns().get(position).type(), SHOWN_CHARACTERS_MAX));
    }
    return new SqlFailure(SqlState.UNIQUE_VIOLATION, "Table \"" + table.name() + "\" has a row with (" + String.join(", ", columns)
        + ") = (" + String.join(", ", values) + ") already, which " + (index.constraint() ? "constraint" : "unique index") + " \""
        + index.name() + "\" forbids.");
  }
}
