package org.treatydb.sql.type;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;

/** What the decoders of keys, rows and column types make of bytes that nobody wrote. */
class StoredValuesFuzzTest {

  private static final int TYPES = SqlValues.TYPES.size();
  private static final byte[] NO_PREFIX = {};
  private static final RowCodec ROWS = new RowCodec(rowColumns());

  private static List<RowColumn> rowColumns() {
    List<RowColumn> columns = new ArrayList<>();
    for (ColumnType type : SqlValues.TYPES) {
      int position = columns.size();
      // With gaps between the ids, as dropped columns leave them, and one column that was added with a default.
      columns.add(new RowColumn(2 * position + 1, position, type, type.kind() == ColumnType.Kind.INTEGER ? 7 : null));
    }
    return columns;
  }

  /** A key of three columns, the first two of one type, upwards and downwards. */
  private record Key(int type, Object[] row) {

    private static KeyCodec codec(int type) {
      return new KeyCodec(List.of(
          new KeyColumn(0, SqlValues.TYPES.get(type), false), new KeyColumn(1, SqlValues.TYPES.get(type), true),
          new KeyColumn(2, ColumnType.of(ColumnType.Kind.INTEGER), false)));
    }

    /** The first byte says which type. */
    static Key decode(byte[] bytes) {
      if (bytes.length == 0) {
        throw new MalformedEncodingException("no type");
      }
      Key key = new Key(Byte.toUnsignedInt(bytes[0]) % TYPES, new Object[3]);
      codec(key.type).decode(bytes, 1, key.row);
      return key;
    }

    byte[] encode() {
      return codec(type).encode(new byte[] {(byte) type}, row);
    }
  }

  private static Stream<byte[]> keys() {
    SqlValues values = new SqlValues(new SplittableRandom(3));
    return IntStream.range(0, TYPES).mapToObj(type -> {
      ColumnType column = SqlValues.TYPES.get(type);
      return new Key(type, new Object[] {values.value(column), values.value(column), type % 2 == 0 ? null : type}).encode();
    });
  }

  @MethodSource("keys")
  @FuzzTest
  void keys(byte[] bytes) {
    DecoderContract.of(Key::decode).refusingWith(MalformedEncodingException.class).writtenBy(Key::encode).check(bytes);
  }

  private static Stream<byte[]> rows() {
    SqlValues values = new SqlValues(new SplittableRandom(4));
    return IntStream.range(0, 8).mapToObj(each -> ROWS.encode(values.row(SqlValues.TYPES, each > 1)));
  }

  @MethodSource("rows")
  @FuzzTest
  void rows(byte[] bytes) {
    DecoderContract.of(StoredValuesFuzzTest::row).refusingWith(MalformedEncodingException.class).writtenBy(ROWS::encode).check(bytes);
  }

  private static Object[] row(byte[] bytes) {
    Object[] row = new Object[TYPES];
    ROWS.decode(bytes, row);
    return row;
  }

  private static Stream<byte[]> columnTypes() {
    return SqlValues.TYPES.stream().map(ColumnType::encode);
  }

  @MethodSource("columnTypes")
  @FuzzTest
  void columnTypes(byte[] bytes) {
    DecoderContract.of(ColumnType::decode).refusingWith(MalformedEncodingException.class).writtenOnlyBy(ColumnType::encode).check(bytes);
  }
}
