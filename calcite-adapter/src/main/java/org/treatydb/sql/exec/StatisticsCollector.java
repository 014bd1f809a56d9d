package org.treatydb.sql.exec;

import com.google.common.hash.Hashing;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnStatistics;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;
import org.treatydb.sql.catalog.TableStatistics;

/**
 * Makes the statistics of a table from all its rows. Different values are counted by the least of their hashes; the distribution is taken
 * from the rows whose keys have the least hashes, so that the same rows always give the same statistics. Not thread-safe.
 */
public final class StatisticsCollector {

  /** How many rows are kept as a sample, how many hashes of each column, and how many parts a column's values are divided into. */
  private static final int SAMPLE_ROWS = 2_000;
  private static final int HASHES = 1_024;
  private static final int PARTS = 100;

  private final TableLayout layout;
  private final Column[] columns;
  private final PriorityQueue<Sampled> sample = new PriorityQueue<>(Comparator.comparingLong(Sampled::hash).reversed());
  private long rows;

  /** A row of the sample; null stands for NULL. */
  private record Sampled(long hash, byte[][] values) {}

  /** What is gathered of one column. */
  private static final class Column {

    private final ColumnDescriptor descriptor;
    private final TreeSet<Long> hashes = new TreeSet<>();
    private long nulls;
    private byte[] least;
    private byte[] greatest;

    Column(ColumnDescriptor descriptor) {
      this.descriptor = descriptor;
    }

    byte[] add(Object value) {
      if (value == null) {
        nulls++;
        return null;
      }
      byte[] key = ColumnStatistics.key(descriptor.type(), value);
      if (least == null || Arrays.compareUnsigned(key, least) < 0) {
        least = key;
      }
      if (greatest == null || Arrays.compareUnsigned(key, greatest) > 0) {
        greatest = key;
      }
      long hash = hash(key);
      if (hashes.size() < HASHES || hash < hashes.last()) {
        hashes.add(hash);
        if (hashes.size() > HASHES) {
          hashes.pollLast();
        }
      }
      return key;
    }

    /** If they are not all there, the last of so many hashes says how densely they lie. */
    long distinct() {
      return hashes.size() < HASHES ? hashes.size() : Math.round((HASHES - 1) / ((hashes.last() + 1.0) / Long.MAX_VALUE));
    }
  }

  public StatisticsCollector(TableDescriptor table) {
    this.layout = new TableLayout(table);
    this.columns = table.columns().stream().map(Column::new).toArray(Column[]::new);
  }

  /** Where the rows are. */
  public List<KeyRange> ranges() {
    return layout.ranges();
  }

  /** Takes in at most so many rows of {@code range}; gives what is left of it, null if nothing. */
  public KeyRange read(KvTransaction transaction, KeyRange range, int rowsMax) {
    try (KvCursor cursor = transaction.scan(range)) {
      for (int left = rowsMax; left > 0; left--) {
        if (!cursor.next()) {
          return null;
        }
        add(cursor.key(), layout.row(cursor.key(), cursor.value()));
        if (left == 1) {
          return new KeyRange(KeyRange.point(cursor.key()).end(), range.end());
        }
      }
    }
    return null;
  }

  private void add(byte[] key, Object[] row) {
    rows++;
    byte[][] values = new byte[columns.length][];
    for (int i = 0; i < columns.length; i++) {
      values[i] = columns[i].add(row[i]);
    }
    long hash = hash(key);
    if (sample.size() < SAMPLE_ROWS || hash < sample.peek().hash) {
      sample.add(new Sampled(hash, values));
      if (sample.size() > SAMPLE_ROWS) {
        sample.poll();
      }
    }
  }

  /** Not negative. */
  private static long hash(byte[] bytes) {
    return Hashing.farmHashFingerprint64().hashBytes(bytes).asLong() >>> 1;
  }

  /** Of what was taken in. */
  public TableStatistics result() {
    Map<Integer, ColumnStatistics> found = new HashMap<>();
    for (int i = 0; i < columns.length; i++) {
      Column column = columns[i];
      double nulls = rows == 0 ? 0 : (double) column.nulls / rows;
      found.put(column.descriptor.id(), new ColumnStatistics(nulls, column.distinct(), bounds(i)));
    }
    return new TableStatistics(rows, found);
  }

  private List<byte[]> bounds(int column) {
    byte[][] values = sample.stream().map(row -> row.values[column]).filter(value -> value != null)
        .sorted(Arrays::compareUnsigned).toArray(byte[][]::new);
    if (values.length == 0) {
      return List.of();
    }
    values[0] = columns[column].least;
    values[values.length - 1] = columns[column].greatest;
    int parts = Math.min(PARTS, values.length - 1);
    return IntStream.rangeClosed(0, parts).mapToObj(i -> values[parts == 0 ? 0 : (int) ((long) i * (values.length - 1) / parts)]).toList();
  }
}
