package org.treatydb.sql.type;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.calcite.avatica.util.ByteString;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KeyRange;

class KeyCodecTest {

  /** Another seed: -Dtest.seed=N. */
  private static final long SEED = Long.getLong("test.seed", 20260501L);

  private static final byte[] PREFIX = {7, 0, (byte) 0xff};
  private static final byte[] NO_PREFIX = {};

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final SqlValues values = new SqlValues(random);

  @Test
  void everyTypeAloneSortsAsSqlDoes() {
    for (ColumnType type : SqlValues.TYPES) {
      for (boolean descending : new boolean[] {false, true}) {
        KeyCodec codec = new KeyCodec(List.of(new KeyColumn(0, type, descending)));
        for (int i = 0; i < 4000; i++) {
          assertSameOrder(codec, values.row(List.of(type), true), values.row(List.of(type), true));
        }
      }
    }
  }

  @Test
  void tuplesSortColumnByColumn() {
    for (int i = 0; i < 40_000; i++) {
      KeyCodec codec = anyCodec();
      Object[] left = values.row(types(codec), true);
      Object[] right = values.row(types(codec), true);
      // Mostly equal beginnings, so that the later columns decide.
      System.arraycopy(left, 0, right, 0, random.nextInt(left.length + 1));
      assertSameOrder(codec, left, right);
    }
  }

  @Test
  void everyKeyDecodesToValuesThatAreEqual() {
    for (int i = 0; i < 40_000; i++) {
      KeyCodec codec = anyCodec();
      Object[] row = values.row(types(codec), true);
      Object[] decoded = new Object[row.length];
      codec.decode(codec.encode(PREFIX, row), PREFIX.length, decoded);
      assertEquals(0, SqlOrder.compare(codec.columns(), row, decoded), () -> failure(codec, row, decoded));
      for (int c = 0; c < row.length; c++) {
        if (row[c] != null) {
          assertEquals(row[c].getClass(), decoded[c].getClass());
        }
        if (row[c] instanceof BigDecimal) {
          assertEquals(row[c], decoded[c]);
        }
      }
    }
  }

  @Test
  void aRangeHoldsExactlyTheTuplesBetweenItsBounds() {
    for (int i = 0; i < 40_000; i++) {
      KeyCodec codec = anyCodec();
      Object[] row = values.row(types(codec), true);
      Object[] model = values.row(types(codec), true);
      int equal = random.nextInt(row.length);
      System.arraycopy(row, 0, model, 0, random.nextInt(equal + 1));
      ColumnType type = codec.columns().get(equal).type();
      KeyBound lower = random.nextInt(3) == 0 ? null : new KeyBound(values.value(type), random.nextBoolean());
      KeyBound upper = random.nextInt(3) == 0 ? null : new KeyBound(values.value(type), random.nextBoolean());
      KeyRange range = codec.range(PREFIX, Arrays.asList(model).subList(0, equal), lower, upper);
      boolean expected = SqlOrder.compare(codec.columns().subList(0, equal), row, model) == 0
          && (lower == null && upper == null || within(type, row[equal], lower, upper));
      assertEquals(expected, !range.isEmpty() && range.contains(codec.encode(PREFIX, row)), () -> failure(codec, row, model));
    }
  }

  @Test
  void aBoundMayHaveMoreDigitsOrCharactersThanItsColumn() {
    KeyCodec price = new KeyCodec(List.of(KeyColumn.ascending(0, ColumnType.decimal(5, 2))));
    KeyRange above = price.range(NO_PREFIX, List.of(), new KeyBound(new BigDecimal("1.005"), false), null);
    assertTrue(!above.contains(price.encode(NO_PREFIX, new Object[] {new BigDecimal("1.00")})));
    assertTrue(above.contains(price.encode(NO_PREFIX, new Object[] {new BigDecimal("1.01")})));
    for (String far : List.of("1e1000000000", "1e200", "99999999999999999999999999999999999999999")) {
      KeyBound lower = new KeyBound(new BigDecimal("-" + far), true);
      KeyRange below = price.range(NO_PREFIX, List.of(), lower, new KeyBound(new BigDecimal(far), true));
      assertTrue(below.contains(price.encode(NO_PREFIX, new Object[] {new BigDecimal("-999.99")})));
      assertTrue(below.contains(price.encode(NO_PREFIX, new Object[] {new BigDecimal("999.99")})));
    }
    KeyRange nearZero = price.range(NO_PREFIX, List.of(), new KeyBound(new BigDecimal("1e-1000000000"), true), null);
    assertTrue(!nearZero.contains(price.encode(NO_PREFIX, new Object[] {new BigDecimal("0.00")})));
    assertTrue(nearZero.contains(price.encode(NO_PREFIX, new Object[] {new BigDecimal("0.01")})));

    KeyCodec code = new KeyCodec(List.of(KeyColumn.ascending(0, ColumnType.of(ColumnType.Kind.CHAR, 3))));
    assertArrayEquals(code.encode(NO_PREFIX, new Object[] {"a  "}), code.encode(NO_PREFIX, new Object[] {"a"}));
    assertArrayEquals(code.encode(NO_PREFIX, new Object[] {"a  "}), code.encode(NO_PREFIX, new Object[] {"a     "}));
    assertTrue(Arrays.compareUnsigned(code.encode(NO_PREFIX, new Object[] {"abc"}), code.encode(NO_PREFIX, new Object[] {"abcd"})) < 0);
  }

  @Test
  void columnsCanBePutAnywhereInTheRowOrLeftOut() {
    KeyCodec codec = new KeyCodec(List.of(
        new KeyColumn(2, ColumnType.of(ColumnType.Kind.VARCHAR), false), new KeyColumn(0, ColumnType.of(ColumnType.Kind.INTEGER), true)));
    byte[] key = codec.encode(PREFIX, new Object[] {5, "not in the key", "first"});
    assertArrayEquals(key, codec.encodePrefix(PREFIX, List.of("first", 5)));
    KeyCodec second = new KeyCodec(List.of(
        new KeyColumn(-1, ColumnType.of(ColumnType.Kind.VARCHAR), false), new KeyColumn(1, ColumnType.of(ColumnType.Kind.INTEGER), true)));
    Object[] row = new Object[2];
    second.decode(key, PREFIX.length, row);
    assertArrayEquals(new Object[] {null, 5}, row);
  }

  @Test
  void calcitesByteStringsAreTakenToo() {
    KeyCodec codec = new KeyCodec(List.of(KeyColumn.ascending(0, ColumnType.of(ColumnType.Kind.VARBINARY))));
    byte[] bytes = {0, 1, 2};
    assertArrayEquals(codec.encode(PREFIX, new Object[] {bytes}), codec.encode(PREFIX, new Object[] {new ByteString(bytes)}));
  }

  @Test
  void aValueThatItsTypeCannotHoldIsRefused() {
    KeyCodec small = new KeyCodec(List.of(KeyColumn.ascending(0, ColumnType.of(ColumnType.Kind.SMALLINT))));
    for (Object wrong : List.of(40_000, "1", true, new BigDecimal("1.5"), new BigDecimal("1e1000000000"), 1.0)) {
      assertThrows(IllegalArgumentException.class, () -> small.encode(NO_PREFIX, new Object[] {wrong}), wrong::toString);
    }
  }

  private KeyCodec anyCodec() {
    List<KeyColumn> columns = new ArrayList<>();
    int count = random.nextInt(1, 5);
    for (int i = 0; i < count; i++) {
      columns.add(new KeyColumn(i, values.type(), random.nextBoolean()));
    }
    return new KeyCodec(columns);
  }

  private static List<ColumnType> types(KeyCodec codec) {
    return codec.columns().stream().map(KeyColumn::type).toList();
  }

  private static boolean within(ColumnType type, Object value, KeyBound lower, KeyBound upper) {
    if (value == null) {
      return false;
    }
    int fromLower = lower == null ? 1 : SqlOrder.compare(type, value, lower.value());
    int fromUpper = upper == null ? -1 : SqlOrder.compare(type, value, upper.value());
    return (fromLower > 0 || fromLower == 0 && lower.inclusive()) && (fromUpper < 0 || fromUpper == 0 && upper.inclusive());
  }

  private static void assertSameOrder(KeyCodec codec, Object[] left, Object[] right) {
    int encoded = Arrays.compareUnsigned(codec.encode(PREFIX, left), codec.encode(PREFIX, right));
    assertEquals(SqlOrder.compare(codec.columns(), left, right), Integer.signum(encoded), () -> failure(codec, left, right));
  }

  private static String failure(KeyCodec codec, Object[] left, Object[] right) {
    return "-Dtest.seed=" + SEED + ": " + codec.columns() + "\n" + Arrays.deepToString(left) + "\n" + Arrays.deepToString(right);
  }
}
