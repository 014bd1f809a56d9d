package org.treatydb.sql.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.treatydb.sql.catalog.TableDescriptor.KeyPart;
import org.treatydb.sql.golden.GoldenFile;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.ColumnType.Kind;

/** Where the rows of partitioned tables lie. */
class BucketsTest {

  private static final int BUCKETS = 12;

  private static TableDescriptor table(int id, List<ColumnType.Kind> key, boolean descending, List<Integer> partitionIds) {
    List<ColumnDescriptor> columns = IntStream.range(0, key.size())
        .mapToObj(i -> new ColumnDescriptor(i + 1, "c" + i, ColumnType.of(key.get(i)), false, null)).toList();
    List<KeyPart> parts = columns.stream().map(column -> new KeyPart(column.id(), descending)).toList();
    return new TableDescriptor(id, 1, "t", columns, parts, key.size() + 1, new Partitioning(BUCKETS, partitionIds));
  }

  private static String hex(TableDescriptor table, Object... row) {
    return HexFormat.of().formatHex(new TableLayout(table).key(row));
  }

  @Test
  void aRowsBucketStays() {
    TableDescriptor wholeKey = table(1024, List.of(Kind.INTEGER, Kind.VARCHAR), false, List.of(1, 2));
    TableDescriptor exchanged = table(1024, List.of(Kind.INTEGER, Kind.VARCHAR), false, List.of(2, 1));
    TableDescriptor descending = table(1024, List.of(Kind.INTEGER, Kind.VARCHAR), true, List.of(1, 2));
    TableDescriptor second = table(1024, List.of(Kind.INTEGER, Kind.VARCHAR), false, List.of(2));
    TableDescriptor decimal = table(1025, List.of(Kind.DECIMAL), false, List.of(1));
    TableDescriptor rowId = new TableDescriptor(1026, 1, "t",
        List.of(new ColumnDescriptor(1, "c", ColumnType.of(Kind.BOOLEAN), true, null)), List.of(), 2, new Partitioning(BUCKETS, List.of()));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      text.append("by the whole key (").append(i).append(", 'a'): ").append(hex(wholeKey, i, "a")).append('\n');
      text.append("by the whole key, second column first: ").append(hex(exchanged, i, "a")).append('\n');
      text.append("by the whole key, descending: ").append(hex(descending, i, "a")).append('\n');
      text.append("by the second column: ").append(hex(second, i, "a")).append('\n');
      text.append("by a decimal: ").append(hex(decimal, new BigDecimal(i))).append('\n');
      text.append("by a row id: ").append(hex(rowId, true, new byte[] {1, (byte) i})).append('\n');
    }
    GoldenFile.check("buckets.txt", text.toString());
  }

  @Test
  void equalValuesOfTwoTablesLieTogether() {
    TableDescriptor orders = table(1024, List.of(Kind.BIGINT), false, List.of(1));
    TableDescriptor lines = table(1025, List.of(Kind.BIGINT, Kind.INTEGER), true, List.of(1));
    for (long order = 0; order < 100; order++) {
      byte[] key = new TableLayout(orders).key(new Object[] {order});
      for (int line = 0; line < 3; line++) {
        byte[] lineKey = new TableLayout(lines).key(new Object[] {order, line});
        assertTrue(Arrays.equals(key, 0, Short.BYTES, lineKey, 0, Short.BYTES), "order " + order);
      }
    }
  }

  @Test
  void whatAConditionSaysLeadsToTheSameBucketAsTheRow() {
    for (List<Integer> partition : List.of(List.of(1), List.of(2), List.of(1, 2), List.of(2, 1))) {
      for (boolean descending : new boolean[] {false, true}) {
        TableLayout layout = new TableLayout(table(1024, List.of(Kind.INTEGER, Kind.DECIMAL), descending, partition));
        for (int i = 0; i < 50; i++) {
          byte[] key = layout.key(new Object[] {i, new BigDecimal(i + ".50")});
          int bucket = layout.bucketOf(List.of(BigDecimal.valueOf(i), new BigDecimal(i + ".5")));
          assertEquals(HexFormat.of().formatHex(key), HexFormat.of().formatHex(layout.inBucket(key, bucket)));
          assertEquals(partition.equals(List.of(1)) ? bucket : -1, layout.bucketOf(List.of(i)));
        }
      }
    }
  }

  @Test
  void bucketsLieApartAndEvenly() {
    for (int count : new int[] {2, 3, 12, 64, Partitioning.BUCKETS_MAX}) {
      int[] places = IntStream.range(0, count).map(number -> KeyLayout.bucket(1024, number, count)).sorted().toArray();
      for (int i = 0; i < count; i++) {
        int gap = i + 1 < count ? places[i + 1] - places[i] : places[0] + (1 << Short.SIZE) - places[i];
        double even = (double) (1 << Short.SIZE) / count;
        assertTrue(gap > 0.15 * even && gap < 1.7 * even, count + " buckets: a gap of " + gap);
      }
    }
  }

  @Test
  void noDivisionOfTheKeySpaceMissesTheBuckets() {
    for (int nodes = 2; nodes <= 6; nodes++) {
      for (int shardsPerNode = 1; shardsPerNode <= 32; shardsPerNode *= 2) {
        int[] buckets = new int[nodes];
        int shards = nodes * shardsPerNode;
        for (int number = 0; number < BUCKETS; number++) {
          buckets[(int) ((long) KeyLayout.bucket(1024, number, BUCKETS) * shards >> Short.SIZE) % nodes]++;
        }
        double even = (double) BUCKETS / nodes;
        assertTrue(Arrays.stream(buckets).allMatch(count -> count > 0.4 * even && count < 1.6 * even),
            () -> shards + " shards: " + Arrays.toString(buckets));
      }
    }
  }
}
