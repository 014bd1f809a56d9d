package org.treatydb.sql.catalog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.KeyCodec;
import org.treatydb.sql.type.KeyColumn;
import org.treatydb.sql.type.RowCodec;
import org.treatydb.sql.type.RowColumn;

/**
 * How the entries of a secondary index are keys and values. A storage format, frozen by a golden test:
 * <ul>
 *   <li>The key has the index's columns and then those of the primary key that are not among them, or the hidden row id. The key of a
 *       unique index has the index's columns only if none of them is NULL.
 *   <li>The value is a row of {@link RowCodec} with the columns included, the index's REAL and DOUBLE columns (whose keys do not tell
 *       {@code -0.0} from {@code 0.0}), and, under the id {@value #REST_ID}, what of the primary key a unique index's key leaves out, as it
 *       would stand there.
 *   <li>Entries are dealt out to as many buckets as the table has, by the index's first column.
 * </ul>
 * Immutable, thread-safe.
 */
public final class IndexLayout implements KeySpace {

  private static final int REST_ID = Integer.MAX_VALUE;
  private static final byte[] NOTHING = {};
  private static final ColumnType BYTES = ColumnType.of(ColumnType.Kind.VARBINARY);
  private static final RowCodec REST = new RowCodec(List.of(RowColumn.of(REST_ID, 0, BYTES)));

  private final TableDescriptor table;
  private final IndexDescriptor index;
  private final byte[] prefix;
  private final Buckets buckets;
  private final int width;
  private final List<Integer> positions;
  /** The index's columns; those and the rest of the primary key; that rest. */
  private final KeyCodec own;
  private final KeyCodec whole;
  private final KeyCodec rest;
  private final RowCodec values;
  private final RowCodec valuesWithRest;
  /** Where the rest stands while it is encoded. */
  private final int restPosition;
  /** What the index has no value of. */
  private final BitSet missing;

  /** A layout with all columns that the index has. */
  public IndexLayout(TableDescriptor table, IndexDescriptor index) {
    this(table, index, TableLayout.allColumns(table));
  }

  /** A layout that decodes only the columns at {@code wanted}, the hidden row id being the one past the last; for reading only. */
  public IndexLayout(TableDescriptor table, IndexDescriptor index, BitSet wanted) {
    this.table = table;
    this.index = index;
    int bucketCount = table.partitioning().buckets();
    this.prefix = KeyLayout.indexPrefix(KeyLayout.bucket(table.id(), 0, bucketCount), table.id(), index.id());
    this.positions = table.positions(index);
    this.width = table.columns().size() + (table.hasRowId() && wanted.get(table.columns().size()) ? 1 : 0);
    this.buckets = new Buckets(bucketCount, positions.getFirst(), table.columns().get(positions.getFirst()).type());
    this.missing = TableLayout.allColumns(table);
    List<KeyColumn> ownColumns = new ArrayList<>();
    List<RowColumn> valueColumns = new ArrayList<>();
    List<Integer> keyPositions = table.keyPositions();
    for (int i = 0; i < positions.size(); i++) {
      int position = positions.get(i);
      ownColumns.add(column(position, index.parts().get(i).descending(), wanted));
      if (isFloat(position) && !keyPositions.contains(position)) {
        addValue(valueColumns, position, wanted);
      }
    }
    table.includedPositions(index).forEach(position -> addValue(valueColumns, position, wanted));
    List<KeyColumn> restColumns = new ArrayList<>();
    for (int i = 0; i < keyPositions.size(); i++) {
      if (!positions.contains(keyPositions.get(i))) {
        restColumns.add(column(keyPositions.get(i), table.primaryKey().get(i).descending(), wanted));
      }
    }
    if (table.hasRowId()) {
      missing.clear(table.columns().size());
      restColumns.add(KeyColumn.ascending(wanted.get(table.columns().size()) ? table.columns().size() : -1, BYTES));
    }
    this.own = new KeyCodec(ownColumns);
    this.rest = new KeyCodec(restColumns);
    List<KeyColumn> wholeColumns = new ArrayList<>(ownColumns);
    wholeColumns.addAll(restColumns);
    this.whole = new KeyCodec(wholeColumns);
    this.values = new RowCodec(valueColumns);
    this.restPosition = table.columns().size() + 1;
    List<RowColumn> withRest = new ArrayList<>(valueColumns);
    withRest.add(RowColumn.of(REST_ID, restPosition, BYTES));
    this.valuesWithRest = new RowCodec(withRest);
  }

  private KeyColumn column(int position, boolean descending, BitSet wanted) {
    missing.clear(position);
    return new KeyColumn(wanted.get(position) ? position : -1, table.columns().get(position).type(), descending);
  }

  private void addValue(List<RowColumn> columns, int position, BitSet wanted) {
    missing.clear(position);
    if (wanted.get(position)) {
      ColumnDescriptor column = table.columns().get(position);
      columns.add(RowColumn.of(column.id(), position, column.type()));
    }
  }

  private boolean isFloat(int position) {
    ColumnType.Kind kind = table.columns().get(position).type().kind();
    return kind == ColumnType.Kind.REAL || kind == ColumnType.Kind.DOUBLE;
  }

  public IndexDescriptor index() {
    return index;
  }

  /** Whether the entries have the values of all columns at {@code wanted}. */
  public boolean covers(BitSet wanted) {
    return !missing.intersects(wanted);
  }

  /** The columns of a unique index: bounds that fix them all find one entry. Otherwise also the rest of the primary key. */
  @Override
  public KeyCodec keys() {
    return index.unique() ? own : whole;
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

  /** Whether no other row can have an entry with the key of this row's. */
  public boolean excludesOthers(Object[] row) {
    return index.unique() && positions.stream().noneMatch(position -> row[position] == null);
  }

  /** The key of the row's entry. */
  public byte[] key(Object[] row) {
    byte[] key = (excludesOthers(row) ? own : whole).encode(prefix, row);
    if (buckets.count() > 1) {
      putBucket(key, buckets.of(key, row));
    }
    return key;
  }

  /** The value of the row's entry. */
  public byte[] value(Object[] row) {
    if (!excludesOthers(row)) {
      return values.encode(row);
    }
    Object[] extended = Arrays.copyOf(row, restPosition + 1);
    extended[restPosition] = rest.encode(NOTHING, row);
    return valuesWithRest.encode(extended);
  }

  /** The row of a stored entry, with what the index has of it. */
  public Object[] row(byte[] key, byte[] value) {
    Object[] row = new Object[width];
    byte[] left = rest(value);
    if (left == null) {
      whole.decode(key, prefix.length, row);
    } else {
      own.decode(key, prefix.length, row);
      rest.decode(left, 0, row);
    }
    values.decode(value, row);
    return row;
  }

  /** Whether the entry with this value is the row's; both exclude others. */
  public boolean isOf(byte[] value, Object[] row) {
    return Arrays.equals(rest(value), rest.encode(NOTHING, row));
  }

  private byte[] rest(byte[] value) {
    if (!index.unique()) {
      return null;
    }
    Object[] found = new Object[1];
    REST.decode(value, found);
    return (byte[]) found[0];
  }
}
