package org.treatydb.sql.catalog;

import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.List;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.KeyCodec;
import org.treatydb.sql.type.KeyColumn;

/**
 * Which bucket a row of a table, or an entry of an index, lies in: FarmHash's Fingerprint64 of the partition columns (of the first column,
 * in an index), each encoded as in an ascending key, modulo the number of buckets. A storage format, frozen by a golden test. So rows of
 * two tables with as many buckets and the same values in columns of the same types lie together. Immutable, thread-safe.
 */
final class Buckets {

  private static final byte[] NOTHING = {};

  private final int count;
  private final boolean byWholeKey;
  private final List<Integer> keyIndexes;
  private final KeyCodec partition;

  /**
   * The buckets of {@code table}.
   *
   * @param keyTypes the types of the columns of its key, the hidden row id included
   */
  Buckets(TableDescriptor table, List<ColumnType> keyTypes) {
    this.count = table.partitioning().buckets();
    this.keyIndexes = table.partitionKeyIndexes();
    boolean inOrder = keyIndexes.size() == keyTypes.size();
    List<KeyColumn> columns = new ArrayList<>();
    for (int i = 0; i < keyIndexes.size(); i++) {
      int keyIndex = keyIndexes.get(i);
      inOrder &= keyIndex == i && (table.hasRowId() || !table.primaryKey().get(i).descending());
      int position = table.hasRowId() ? table.columns().size() : table.keyPositions().get(keyIndex);
      columns.add(KeyColumn.ascending(position, keyTypes.get(keyIndex)));
    }
    this.byWholeKey = inOrder;
    this.partition = new KeyCodec(columns);
  }

  /** So many buckets for the entries of an index, whose first column is at {@code position} in a row and decides. */
  Buckets(int count, int position, ColumnType type) {
    this.count = count;
    this.byWholeKey = false;
    this.keyIndexes = List.of(0);
    this.partition = new KeyCodec(List.of(KeyColumn.ascending(position, type)));
  }

  int count() {
    return count;
  }

  /** The bucket of {@code row}, whose key is {@code key}. */
  int of(byte[] key, Object[] row) {
    if (count == 1) {
      return 0;
    }
    return byWholeKey ? hashed(key, KeyLayout.PREFIX_BYTES) : hashed(partition.encode(NOTHING, row), 0);
  }

  /** The bucket of all rows whose first key columns have these values; -1 if they are not all in one. */
  int of(List<?> keyValues) {
    if (count == 1) {
      return 0;
    }
    List<Object> values = new ArrayList<>(keyIndexes.size());
    for (int keyIndex : keyIndexes) {
      if (keyIndex >= keyValues.size()) {
        return -1;
      }
      values.add(keyValues.get(keyIndex));
    }
    return hashed(partition.encodePrefix(NOTHING, values), 0);
  }

  private int hashed(byte[] bytes, int from) {
    long hash = Hashing.farmHashFingerprint64().hashBytes(bytes, from, bytes.length - from).asLong();
    return (int) Long.remainderUnsigned(hash, count);
  }
}
