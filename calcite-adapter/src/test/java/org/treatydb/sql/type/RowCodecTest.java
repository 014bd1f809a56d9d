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
import org.junit.jupiter.api.Test;

class RowCodecTest {

  /** Another seed: -Dtest.seed=N. */
  private static final long SEED = Long.getLong("test.seed", 20260502L);

  private static final ColumnType INTEGER = ColumnType.of(ColumnType.Kind.INTEGER);
  private static final ColumnType TEXT = ColumnType.of(ColumnType.Kind.VARCHAR);

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final SqlValues values = new SqlValues(random);

  @Test
  void everyRowComesBackAsItWentIn() {
    for (int i = 0; i < 40_000; i++) {
      List<RowColumn> columns = anyColumns();
      RowCodec codec = new RowCodec(columns);
      Object[] row = values.row(types(columns), true);
      Object[] decoded = new Object[row.length];
      codec.decode(codec.encode(row), decoded);
      assertTrue(Arrays.deepEquals(row, decoded), () -> "-Dtest.seed=" + SEED + " " + columns + "\n" + Arrays.deepToString(row) + "\n"
          + Arrays.deepToString(decoded));
    }
  }

  @Test
  void aRowWrittenBeforeAColumnWasAddedGetsItsFirstDefault() {
    RowCodec before = new RowCodec(List.of(RowColumn.of(1, 0, INTEGER)));
    RowCodec after = new RowCodec(
        List.of(RowColumn.of(1, 0, INTEGER), new RowColumn(2, 1, TEXT, "unknown"), new RowColumn(3, 2, TEXT, null)));
    Object[] row = new Object[3];
    after.decode(before.encode(new Object[] {42}), row);
    assertArrayEquals(new Object[] {42, "unknown", null}, row);
    after.decode(after.encode(new Object[] {42, null, null}), row);
    assertArrayEquals(new Object[] {42, null, null}, row);
  }

  @Test
  void droppedColumnsArePassedOverWhateverTheirType() {
    for (int i = 0; i < 20_000; i++) {
      List<RowColumn> columns = anyColumns();
      Object[] row = values.row(types(columns), true);
      List<RowColumn> kept = columns.stream().filter(_ -> random.nextBoolean()).toList();
      Object[] decoded = new Object[row.length];
      new RowCodec(kept).decode(new RowCodec(columns).encode(row), decoded);
      Object[] expected = new Object[row.length];
      kept.forEach(column -> expected[column.position()] = row[column.position()]);
      assertTrue(Arrays.deepEquals(expected, decoded), () -> "-Dtest.seed=" + SEED + " " + columns + " kept " + kept);
    }
  }

  @Test
  void wideningATypeNeedsNoRewrite() {
    RowCodec narrow = new RowCodec(List.of(
        RowColumn.of(1, 0, ColumnType.of(ColumnType.Kind.SMALLINT)), RowColumn.of(2, 1, ColumnType.decimal(5, 2)),
        RowColumn.of(3, 2, ColumnType.of(ColumnType.Kind.CHAR, 3))));
    RowCodec wide = new RowCodec(List.of(
        RowColumn.of(1, 0, ColumnType.of(ColumnType.Kind.BIGINT)), RowColumn.of(2, 1, ColumnType.decimal(12, 4)),
        RowColumn.of(3, 2, ColumnType.of(ColumnType.Kind.CHAR, 5))));
    Object[] row = new Object[3];
    wide.decode(narrow.encode(new Object[] {(short) -7, new BigDecimal("1.25"), "ab "}), row);
    assertArrayEquals(new Object[] {-7L, new BigDecimal("1.2500"), "ab   "}, row);
  }

  @Test
  void everyTruncationAndMutationDecodesOrIsMalformed() {
    for (int i = 0; i < 4_000; i++) {
      List<RowColumn> columns = anyColumns();
      RowCodec codec = new RowCodec(columns);
      byte[] encoded = codec.encode(values.row(types(columns), true));
      for (int length = 0; length < encoded.length; length++) {
        decodesOrIsMalformed(codec, Arrays.copyOf(encoded, length), columns.size());
      }
      for (int m = 0; m < 20; m++) {
        byte[] mutated = encoded.clone();
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
        decodesOrIsMalformed(codec, mutated, columns.size());
      }
    }
  }

  @Test
  void everyTruncationAndMutationOfAKeyDecodesOrIsMalformed() {
    for (int i = 0; i < 4_000; i++) {
      List<KeyColumn> columns = new ArrayList<>();
      for (int c = random.nextInt(1, 4); c > 0; c--) {
        columns.add(new KeyColumn(columns.size(), values.type(), random.nextBoolean()));
      }
      KeyCodec codec = new KeyCodec(columns);
      byte[] key = codec.encode(new byte[0], values.row(columns.stream().map(KeyColumn::type).toList(), true));
      Object[] row = new Object[columns.size()];
      for (int length = 0; length < key.length; length++) {
        byte[] truncated = Arrays.copyOf(key, length);
        assertThrows(MalformedEncodingException.class, () -> codec.decode(truncated, 0, row));
      }
      for (int m = 0; m < 20; m++) {
        byte[] mutated = key.clone();
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
        try {
          codec.decode(mutated, 0, row);
        } catch (MalformedEncodingException e) {
          assertTrue(e.getMessage().startsWith("malformed encoding: "));
        }
      }
    }
  }

  @Test
  void forgedLengthsCostNothing() {
    RowCodec codec = new RowCodec(List.of(RowColumn.of(1, 0, TEXT)));
    byte[] hugeText = {1, 1 << 3 | 6, -1, -1, -1, -1, 7, 'x'};
    assertThrows(MalformedEncodingException.class, () -> codec.decode(hugeText, new Object[1]));
    byte[] hugeSkip = {1, 2 << 3 | 6, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
    assertThrows(MalformedEncodingException.class, () -> codec.decode(hugeSkip, new Object[1]));
  }

  @Test
  void unknownVersionsAndFormsAreRefused() {
    RowCodec codec = new RowCodec(List.of(RowColumn.of(1, 0, INTEGER)));
    assertEquals("malformed encoding: a row of version 2",
        assertThrows(MalformedEncodingException.class, () -> codec.decode(new byte[] {2}, new Object[1])).getMessage());
    assertThrows(MalformedEncodingException.class, () -> codec.decode(new byte[] {1, 2 << 3 | 7}, new Object[1]));
    assertThrows(MalformedEncodingException.class, () -> codec.decode(new byte[] {1, 0}, new Object[1]));
    assertThrows(IllegalArgumentException.class, () -> new RowCodec(List.of(RowColumn.of(1, 0, TEXT), RowColumn.of(1, 1, TEXT))));
  }

  private static void decodesOrIsMalformed(RowCodec codec, byte[] encoded, int columns) {
    try {
      codec.decode(encoded, new Object[columns]);
    } catch (MalformedEncodingException e) {
      assertTrue(e.getMessage().startsWith("malformed encoding: "));
    }
  }

  private List<RowColumn> anyColumns() {
    List<RowColumn> columns = new ArrayList<>();
    int count = random.nextInt(1, 9);
    int id = 0;
    for (int i = 0; i < count; i++) {
      id += random.nextInt(5) == 0 ? random.nextInt(1, 1000) : 1;
      ColumnType type = values.type();
      columns.add(new RowColumn(id, i, type, random.nextInt(3) == 0 ? values.value(type) : null));
    }
    return columns;
  }

  private static List<ColumnType> types(List<RowColumn> columns) {
    return columns.stream().map(RowColumn::type).toList();
  }
}
