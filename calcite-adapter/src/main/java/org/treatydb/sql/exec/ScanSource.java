package org.treatydb.sql.exec;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.treatydb.sql.catalog.KeyLayout;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;

/**
 * What a plan keeps of a table scan; generated code opens it. Rows are arrays of Calcite's run-time values with a place for every column;
 * only the columns asked for are filled. CHAR values come without their trailing spaces, as PostgreSQL compares them; the cursor pads them
 * again. Immutable, thread-safe.
 */
public final class ScanSource {

  private final TableLayout layout;
  private final KeyBounds bounds;
  private final boolean forUpdate;
  private final ScanOrder order;
  private final RowForm form;

  /**
   * A scan of {@code table}.
   *
   * @param forUpdate lock what is read exclusively
   * @param bounds which keys
   * @param order in which order to give the rows
   * @param columns the positions of the columns to fill; the position past the last asks for the hidden row id, if the table has one
   */
  public ScanSource(TableDescriptor table, boolean forUpdate, KeyBounds bounds, ScanOrder order, BitSet columns) {
    this.layout = new TableLayout(table, columns);
    this.bounds = bounds;
    this.forUpdate = forUpdate;
    this.order = order;
    this.form = new RowForm(table);
  }

  /** The rows, as arrays. Called by generated code. */
  public Enumerable<Object[]> open(DataContext context, Object[] operands) {
    ExecutionContext execution = (ExecutionContext) context;
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<Object[]> enumerator() {
        return enumerate(execution, KeySpans.of(layout, bounds, operands));
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

  Object[] row(byte[] key, byte[] value) {
    Object[] row = layout.row(key, value);
    form.apply(row);
    return row;
  }
}
