package org.treatydb.sql.type;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.treatydb.sql.golden.GoldenFile;

/** What is stored must stay readable: these bytes never change under the same version. */
class EncodingGoldenTest {

  private static final Map<ColumnType, List<Object>> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put(ColumnType.of(ColumnType.Kind.SMALLINT), List.of((short) 0, (short) 1, (short) -1, Short.MAX_VALUE, Short.MIN_VALUE));
    VALUES.put(ColumnType.of(ColumnType.Kind.INTEGER), List.of(0, 1, -1, 300, Integer.MAX_VALUE, Integer.MIN_VALUE));
    VALUES.put(ColumnType.of(ColumnType.Kind.BIGINT), List.of(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE));
    VALUES.put(ColumnType.decimal(10, 2), decimals("0.00", "0.01", "-0.01", "1.00", "9.99", "10.00", "-123.45", "99999999.99"));
    VALUES.put(ColumnType.decimal(38, 0), decimals("1", "-1", "99999999999999999999999999999999999999"));
    VALUES.put(ColumnType.decimal(38, 38), decimals("0.00000000000000000000000000000000000001"));
    VALUES.put(ColumnType.of(ColumnType.Kind.REAL), List.of(0f, -0f, 1.5f, -1.5f, Float.NaN, Float.POSITIVE_INFINITY));
    VALUES.put(ColumnType.of(ColumnType.Kind.DOUBLE), List.of(0d, -0d, 1.5, -1.5, Double.NaN, Double.NEGATIVE_INFINITY));
    VALUES.put(ColumnType.of(ColumnType.Kind.BOOLEAN), List.of(false, true));
    VALUES.put(ColumnType.of(ColumnType.Kind.CHAR, 4), List.of("    ", "ab  ", "abcd"));
    VALUES.put(ColumnType.of(ColumnType.Kind.VARCHAR), List.of("", "a", "\u0000\u0001\u0002", "Zürich", "東京", "\ud83d\ude00", "\ud83d"));
    VALUES.put(ColumnType.of(ColumnType.Kind.BINARY, 3), List.of(new byte[] {0, 1, 2}));
    VALUES.put(ColumnType.of(ColumnType.Kind.VARBINARY), List.of(new byte[] {}, new byte[] {0, 1, 2, -1}));
    VALUES.put(ColumnType.of(ColumnType.Kind.DATE), List.of(0, -1, 20_000));
    VALUES.put(ColumnType.of(ColumnType.Kind.TIME), List.of(0, 86_399_999));
    VALUES.put(ColumnType.of(ColumnType.Kind.TIMESTAMP), List.of(0L, -1L, 1_770_000_000_123L));
    VALUES.put(ColumnType.of(ColumnType.Kind.UUID),
        List.of(new UUID(0, 0), new UUID(-1, -1), UUID.fromString("123e4567-e89b-12d3-a456-426614174000")));
  }

  @Test
  void keysHaveTheBytesTheyAlwaysHad() {
    StringBuilder text = new StringBuilder("# type, value: ascending key, descending key\n");
    VALUES.forEach((type, values) -> values.forEach(value -> text.append(type).append(", ").append(shown(value)).append(": ")
        .append(key(type, value, false)).append(", ").append(key(type, value, true)).append('\n')));
    text.append("NULL: ").append(key(ColumnType.of(ColumnType.Kind.INTEGER), null, false)).append(", ")
        .append(key(ColumnType.of(ColumnType.Kind.INTEGER), null, true)).append('\n');
    GoldenFile.check("key-encoding.txt", text.toString());
  }

  @Test
  void rowsHaveTheBytesTheyAlwaysHad() {
    StringBuilder text = new StringBuilder("# type, value: row with the value as column 1\n");
    VALUES.forEach((type, values) -> values.forEach(value -> text.append(type).append(", ").append(shown(value)).append(": ")
        .append(hex(new RowCodec(List.of(RowColumn.of(1, 0, type))).encode(new Object[] {value}))).append('\n')));
    ColumnType integer = ColumnType.of(ColumnType.Kind.INTEGER);
    RowCodec sparse = new RowCodec(List.of(RowColumn.of(2, 0, integer), RowColumn.of(3, 1, integer), new RowColumn(400, 2, integer, 7)));
    text.append("columns 2, 3 and 400 (7 when absent), values 1, NULL, NULL: ").append(hex(sparse.encode(new Object[] {1, null, null})));
    GoldenFile.check("row-encoding.txt", text.append('\n').toString());
  }

  @Test
  void columnTypesHaveTheBytesTheyAlwaysHad() {
    StringBuilder text = new StringBuilder("# type: encoded\n");
    for (ColumnType.Kind kind : ColumnType.Kind.values()) {
      ColumnType type = ColumnType.of(kind);
      text.append(type).append(": ").append(hex(type.encode())).append('\n');
      assertEquals(type, ColumnType.decode(type.encode()));
    }
    GoldenFile.check("type-encoding.txt", text.toString());
  }

  private static String key(ColumnType type, Object value, boolean descending) {
    return hex(new KeyCodec(List.of(new KeyColumn(0, type, descending))).encode(new byte[0], new Object[] {value}));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String shown(Object value) {
    if (value instanceof byte[] bytes) {
      return "x'" + hex(bytes) + "'";
    }
    if (value instanceof String text) {
      StringBuilder units = new StringBuilder("'");
      text.chars().forEach(unit -> units.append(unit >= ' ' && unit < 127 ? Character.toString(unit) : "\\u%04x".formatted(unit)));
      return units.append('\'').toString();
    }
    return value.toString();
  }

  private static List<Object> decimals(String... texts) {
    return Arrays.stream(texts).map(BigDecimal::new).map(Object.class::cast).toList();
  }
}
