package org.treatydb.sql.catalog;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.KeyCodec;
import org.treatydb.sql.type.KeyColumn;
import org.treatydb.sql.type.RowCodec;
import org.treatydb.sql.type.RowColumn;

/**
 * How a table's rows are keys and values. A row is an array with the columns' values in order, followed, in a table without primary key and
 * where it is wanted, by the hidden row id (a {@code byte[]}). Key columns are only in the key, the others only in the value. Immutable,
 * thread-safe.
 */
public final class TableLayout implements KeySpace {

  private static final ColumnType ROW_ID = ColumnType.of(ColumnType.Kind.VARBINARY);

  private final TableDescriptor table;
  private final byte[] prefix;
  private final Buckets buckets;
  private final int width;
  private final KeyCodec keys;
  private final RowCodec values;
  private final List<IndexLayout> indexes;

  public TableLayout(TableDescriptor table) {
    this(table, allColumns(table), table.indexes().stream().map(index -> new IndexLayout(table, index)).toList());
  }

  /** A layout that decodes only the columns at {@code positions}, the hidden row id being the one past the last; for reading only. */
  public TableLayout(TableDescriptor table, BitSet positions) {
    this(table, positions, List.of());
  }

  private TableLayout(TableDescriptor table, BitSet positions, List<IndexLayout> indexes) {
    this.table = table;
    this.indexes = indexes;
    this.prefix = KeyLayout.indexPrefix(
        KeyLayout.bucket(table.id(), 0, table.partitioning().buckets()), table.id(), KeyLayout.PRIMARY_INDEX);
    List<Integer> keyPositions = table.keyPositions();
    List<KeyColumn> keyColumns = new ArrayList<>();
    for (int i = 0; i < keyPositions.size(); i++) {
      int position = keyPositions.get(i);
      ColumnType type = table.columns().get(position).type();
      keyColumns.add(new KeyColumn(positions.get(position) ? position : -1, type, table.primaryKey().get(i).descending()));
    }
    int rowIdPosition = table.hasRowId() && positions.get(table.columns().size()) ? table.columns().size() : -1;
    this.width = table.columns().size() + (rowIdPosition < 0 ? 0 : 1);
    if (table.hasRowId()) {
      keyColumns.add(KeyColumn.ascending(rowIdPosition, ROW_ID));
    }
    this.keys = new KeyCodec(keyColumns);
    this.buckets = new Buckets(table, keyColumns.stream().map(KeyColumn::type).toList());
    List<RowColumn> rowColumns = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      ColumnDescriptor column = table.columns().get(i);
      if (positions.get(i) && !keyPositions.contains(i)) {
        rowColumns.add(new RowColumn(column.id(), i, column.type(), column.whenAbsent()));
      }
    }
    this.values = new RowCodec(rowColumns);
  }

  /** The positions of all columns and of the hidden row id, if there is one. */
  static BitSet allColumns(TableDescriptor table) {
    BitSet all = new BitSet();
    all.set(0, table.columns().size() + (table.hasRowId() ? 1 : 0));
    return all;
  }

  public TableDescriptor table() {
    return table;
  }

  /** The layouts of the table's indexes, in whatever state; none if this one is for reading only. */
  public List<IndexLayout> indexes() {
    return indexes;
  }

  /** The keys of all rows, bucket by bucket. */
  public List<KeyRange> ranges() {
    return KeyLayout.indexRanges(table.id(), KeyLayout.PRIMARY_INDEX, buckets.count());
  }

  /** How many values a row array has. */
  public int width() {
    return width;
  }

  /** The codec of the primary key. */
  @Override
  public KeyCodec keys() {
    return keys;
  }

  @Override
  public byte[] prefix() {
    return prefix;
  }

  @Override
  public int buckets() {
    return buckets.count();
  }

  @Override
  public int bucketOf(List<?> keyValues) {
    return buckets.of(keyValues);
  }

  @Override
  public byte[] inBucket(byte[] key, int number) {
    byte[] moved = key.clone();
    putBucket(moved, number);
    return moved;
  }

  private void putBucket(byte[] key, int number) {
    KeyLayout.putBucket(key, KeyLayout.bucket(table.id(), number, buckets.count()));
  }

  public byte[] key(Object[] row) {
    byte[] key = keys.encode(prefix, row);
    if (buckets.count() > 1) {
      putBucket(key, buckets.of(key, row));
    }
    return key;
  }

  public byte[] value(Object[] row) {
    return values.encode(row);
  }

  /** The row of a stored entry. */
  public Object[] row(byte[] key, byte[] value) {
    Object[] row = new Object[width];
    keys.decode(key, prefix.length, row);
    values.decode(value, row);
    return row;
  }
}
