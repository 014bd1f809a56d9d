package org.treatydb.sql.exec;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.IndexLayout;
import org.treatydb.sql.catalog.KeyLayout;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;

/**
 * What a plan keeps of a scan of a table or one of its indexes; generated code opens it. Rows that an index does not have all of are looked
 * up by their primary key, and always if they are to be locked. Rows are arrays of Calcite's run-time values with a place for every column;
 * only the columns asked for are filled. CHAR values come without their trailing spaces, as PostgreSQL compares them; the cursor pads them
 * again. Immutable, thread-safe.
 */
public final class ScanSource {

  private final TableLayout layout;
  /** The index; null if the rows themselves are scanned. */
  private final IndexLayout entries;
  /** What makes keys of rows that the index's entries give; null if nothing is looked up. */
  private final TableLayout keys;
  private final KeyBounds bounds;
  private final boolean forUpdate;
  private final ScanOrder order;
  private final RowForm form;

  /**
   * A scan of {@code table}.
   *
   * @param index by which index; null for the rows themselves
   * @param forUpdate lock what is read exclusively
   * @param bounds which keys, or entries of the index
   * @param order in which order to give the rows
   * @param columns the positions of the columns to fill; the position past the last asks for the hidden row id, if the table has one
   */
  public ScanSource(
      TableDescriptor table, IndexDescriptor index, boolean forUpdate, KeyBounds bounds, ScanOrder order, BitSet columns) {
    this.layout = new TableLayout(table, columns);
    boolean lookUp = index != null && (forUpdate || !new IndexLayout(table, index).covers(columns));
    this.keys = lookUp ? new TableLayout(table) : null;
    this.entries = index == null ? null : new IndexLayout(table, index, lookUp ? keyColumns(table) : columns);
    this.bounds = bounds;
    this.forUpdate = forUpdate;
    this.order = order;
    this.form = new RowForm(table);
  }

  private static BitSet keyColumns(TableDescriptor table) {
    BitSet columns = new BitSet();
    table.keyPositions().forEach(columns::set);
    columns.set(table.columns().size(), table.hasRowId());
    return columns;
  }

  /** The rows, as arrays. Called by generated code. */
  public Enumerable<Object[]> open(DataContext context, Object[] operands) {
    ExecutionContext execution = (ExecutionContext) context;
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<Object[]> enumerator() {
        Enumerator<Object[]> scanned = enumerate(execution, KeySpans.of(entries == null ? layout : entries, bounds, operands));
        return keys == null ? scanned : new LookupEnumerator(execution, ScanSource.this, scanned);
      }
    };
  }

  private Enumerator<Object[]> enumerate(ExecutionContext execution, List<List<KeySpan>> buckets) {
    if (buckets.size() == 1) {
      return new ScanEnumerator(execution, this, isReverse() ? buckets.getFirst().reversed() : buckets.getFirst());
    }
    Comparator<byte[]> byKey = isReverse() ? (left, right) -> KeyLayout.compareInBuckets(right, left) : KeyLayout::compareInBuckets;
    if (order == ScanOrder.ANY || buckets.stream().allMatch(spans -> spans.stream().allMatch(KeySpan::isPoint))) {
      // Single keys stand together, so that as few multi-gets as possible read them.
      List<KeySpan> spans = new ArrayList<>();
      buckets.forEach(spans::addAll);
      spans.sort(order == ScanOrder.ANY ? Comparator.comparing(KeySpan::isPoint).reversed() : Comparator.comparing(KeySpan::start, byKey));
      return new ScanEnumerator(execution, this, spans);
    }
    return new MergingEnumerator(buckets.stream()
        .map(spans -> new ScanEnumerator(execution, this, isReverse() ? spans.reversed() : spans)).toList(), byKey);
  }

  /** The rows of a table with one column, as bare values. Called by generated code. */
  public Enumerable<Object> openScalar(DataContext context, Object[] operands) {
    return open(context, operands).select(row -> row[0]);
  }

  boolean isForUpdate() {
    return forUpdate;
  }

  boolean isReverse() {
    return order == ScanOrder.REVERSE;
  }

  /** What is known of a row from what was scanned: the row itself, or its entry in the index. */
  Object[] scanned(byte[] key, byte[] value) {
    return entries == null ? row(key, value) : keys == null ? formed(entries.row(key, value)) : entries.row(key, value);
  }

  /** The key of a row, of which the entry in the index is given. */
  byte[] rowKey(Object[] entry) {
    return keys.key(entry);
  }

  Object[] row(byte[] key, byte[] value) {
    return formed(layout.row(key, value));
  }

  private Object[] formed(Object[] row) {
    form.apply(row);
    return row;
  }
}
