package org.treatydb.sql.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.sql.catalog.Constraints.Action;
import org.treatydb.sql.catalog.Constraints.Check;
import org.treatydb.sql.catalog.Constraints.ForeignKey;
import org.treatydb.sql.catalog.IndexDescriptor.State;
import org.treatydb.sql.catalog.TableDescriptor.KeyPart;
import org.treatydb.sql.catalog.ViewDescriptor.Dependency;
import org.treatydb.sql.golden.GoldenFile;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.MalformedEncodingException;

/** The storage formats of the catalog, which must not change. */
class CatalogFormatTest {

  private static final TableDescriptor TABLE = new TableDescriptor(1024, 1, "track", List.of(
      new ColumnDescriptor(1, "id", ColumnType.of(ColumnType.Kind.INTEGER), false, null),
      new ColumnDescriptor(2, "name", ColumnType.of(ColumnType.Kind.VARCHAR, 200), false, "'?'"),
      new ColumnDescriptor(3, "price", ColumnType.decimal(10, 2), true, null)), List.of(new KeyPart(2, true), new KeyPart(1, false)), 4,
      Partitioning.NONE);

  private static final TableDescriptor PARTITIONED =
      new TableDescriptor(1025, 1, "part", TABLE.columns(), TABLE.primaryKey(), 4, new Partitioning(12, List.of(1, 2)));

  private static final TableDescriptor INDEXED = TABLE
      .withIndex(new IndexDescriptor(0, "track_name", false, false, List.of(new KeyPart(2, false)), List.of(3), State.BUILDING))
      .withIndex(new IndexDescriptor(
          0, "track_price_key", true, true, List.of(new KeyPart(3, true), new KeyPart(2, false)), List.of(), State.READY));

  private static final TableDescriptor CONSTRAINED = TABLE
      .withColumns(List.of(
          TABLE.columns().get(0).withSource(ColumnSource.identity(true, 7)),
          TABLE.columns().get(1).withComment("the name"),
          new ColumnDescriptor(
              3, "price", ColumnType.decimal(10, 2), true, ColumnSource.generated("\"id\" * 2"), new BigDecimal("1.50"), null)))
      .withConstraints(new Constraints("track_pk", List.of(new Check("price_check", "\"price\" > 0")),
          List.of(new ForeignKey("track_fk", List.of(1), 1025, List.of(2), Action.CASCADE, Action.SET_NULL))))
      .withComment("songs");

  private static final ViewDescriptor VIEW = new ViewDescriptor(1030, 1, "cheap", "SELECT \"id\" FROM \"public\".\"track\"",
      List.of(new ColumnDescriptor(1, "id", ColumnType.of(ColumnType.Kind.INTEGER), true, null)), List.of(new Dependency(1, "track")),
      "bargains");

  private static final SequenceDescriptor SEQUENCE = new SequenceDescriptor(7, 1, "track_id_seq", 100, -1, -5, 200, true, true);

  private static final RoleDescriptor ROLE = new RoleDescriptor(16, "ada", true, false, "$argon2id$v=19$", List.of(17, 18));

  private static final ObjectAccess ACCESS = ObjectAccess.unsaid(SecuredObject.relation(1024)).withOwner(16)
      .granted(Authorization.PUBLIC, Set.of(Privilege.SELECT)).granted(17, Set.of(Privilege.values()));

  private static final TableStatistics STATISTICS = new TableStatistics(1_000, Map.of(
      1, new ColumnStatistics(0, 1_000, List.of(key(1), key(500), key(1_000))), 2, new ColumnStatistics(1, 0, List.of())));

  private static byte[] key(int value) {
    return ColumnStatistics.key(ColumnType.of(ColumnType.Kind.INTEGER), value);
  }

  @Test
  void theKeyLayoutAndTheDescriptorsStay() {
    TableLayout layout = new TableLayout(TABLE);
    Object[] row = {7, "Rain", new BigDecimal("0.99")};
    StringBuilder text = new StringBuilder();
    line(text, "version key", KeyLayout.versionKey());
    line(text, "schema key", KeyLayout.schemaKey(1));
    line(text, "table key", KeyLayout.tableKey(1024));
    line(text, "dropped key", KeyLayout.droppedKey(1024, 0));
    line(text, "counter key", KeyLayout.counterKey(KeyLayout.COUNTER_TABLE_ID));
    line(text, "index prefix", KeyLayout.indexPrefix(KeyLayout.bucket(1024, 0, 1), 1024, 3));
    line(text, "number", DescriptorCodec.encodeNumber(258));
    line(text, "schema", DescriptorCodec.encode(SchemaDescriptor.PUBLIC));
    line(text, "table", DescriptorCodec.encode(TABLE));
    line(text, "partitioned table", DescriptorCodec.encode(PARTITIONED));
    line(text, "indexed table", DescriptorCodec.encode(INDEXED));
    line(text, "constrained table", DescriptorCodec.encode(CONSTRAINED));
    line(text, "view key", KeyLayout.viewKey(1030));
    line(text, "view", DescriptorCodec.encode(VIEW));
    line(text, "sequence key", KeyLayout.sequenceKey(7));
    line(text, "sequence", DescriptorCodec.encode(SEQUENCE));
    line(text, "sequence number key", KeyLayout.sequenceNumberKey(7));
    line(text, "row key", layout.key(row));
    line(text, "row value", layout.value(row));
    for (IndexDescriptor index : INDEXED.indexes()) {
      IndexLayout entries = new IndexLayout(INDEXED, index);
      line(text, index.name() + " entry key", entries.key(row));
      line(text, index.name() + " entry value", entries.value(row));
    }
    IndexLayout unique = new IndexLayout(INDEXED, INDEXED.index("track_price_key"));
    Object[] withNull = {7, "Rain", null};
    line(text, "unique entry key with NULL", unique.key(withNull));
    line(text, "unique entry value with NULL", unique.value(withNull));
    line(text, "role key", KeyLayout.roleKey(16));
    line(text, "role", DescriptorCodec.encode(ROLE));
    line(text, "access key", KeyLayout.accessKey(ACCESS.object()));
    line(text, "access", DescriptorCodec.encode(ACCESS));
    line(text, "statistics key", KeyLayout.statisticsKey(1024));
    line(text, "statistics", StatisticsCodec.encode(STATISTICS));
    GoldenFile.check("catalog-format.txt", text.toString());
  }

  private static void line(StringBuilder text, String what, byte[] bytes) {
    text.append(what).append(": ").append(HexFormat.of().formatHex(bytes)).append('\n');
  }

  @Test
  void descriptorsComeBackAsTheyWere() {
    assertEquals(TABLE, DescriptorCodec.table(DescriptorCodec.encode(TABLE)));
    assertEquals(PARTITIONED, DescriptorCodec.table(DescriptorCodec.encode(PARTITIONED)));
    assertEquals(INDEXED, DescriptorCodec.table(DescriptorCodec.encode(INDEXED)));
    assertEquals(CONSTRAINED, DescriptorCodec.table(DescriptorCodec.encode(CONSTRAINED)));
    assertEquals(VIEW, DescriptorCodec.view(DescriptorCodec.encode(VIEW)));
    assertEquals(SEQUENCE, DescriptorCodec.sequence(DescriptorCodec.encode(SEQUENCE)));
    assertEquals(ROLE, DescriptorCodec.role(DescriptorCodec.encode(ROLE)));
    assertEquals(ACCESS, DescriptorCodec.access(DescriptorCodec.encode(ACCESS)));
    assertEquals(STATISTICS, StatisticsCodec.decode(StatisticsCodec.encode(STATISTICS)));
    assertEquals(SchemaDescriptor.PUBLIC, DescriptorCodec.schema(DescriptorCodec.encode(SchemaDescriptor.PUBLIC)));
  }

  private static Stream<byte[]> tables() {
    return Stream.of(DescriptorCodec.encode(TABLE), DescriptorCodec.encode(PARTITIONED), DescriptorCodec.encode(INDEXED),
        DescriptorCodec.encode(CONSTRAINED));
  }

  @MethodSource("tables")
  @FuzzTest
  void tables(byte[] bytes) {
    DecoderContract.of(DescriptorCodec::table).refusingWith(MalformedEncodingException.class).writtenBy(DescriptorCodec::encode)
        .check(bytes);
  }

  private static Stream<byte[]> schemas() {
    return Stream.of(DescriptorCodec.encode(SchemaDescriptor.PUBLIC));
  }

  @MethodSource("schemas")
  @FuzzTest
  void schemas(byte[] bytes) {
    DecoderContract.of(DescriptorCodec::schema).refusingWith(MalformedEncodingException.class).writtenBy(DescriptorCodec::encode)
        .check(bytes);
  }

  private static Stream<byte[]> views() {
    return Stream.of(DescriptorCodec.encode(VIEW));
  }

  @MethodSource("views")
  @FuzzTest
  void views(byte[] bytes) {
    DecoderContract.of(DescriptorCodec::view).refusingWith(MalformedEncodingException.class).writtenBy(DescriptorCodec::encode)
        .check(bytes);
  }

  private static Stream<byte[]> sequences() {
    return Stream.of(DescriptorCodec.encode(SEQUENCE));
  }

  @MethodSource("sequences")
  @FuzzTest
  void sequences(byte[] bytes) {
    DecoderContract.of(DescriptorCodec::sequence).refusingWith(MalformedEncodingException.class).writtenBy(DescriptorCodec::encode)
        .check(bytes);
  }

  private static Stream<byte[]> roles() {
    return Stream.of(DescriptorCodec.encode(ROLE));
  }

  @MethodSource("roles")
  @FuzzTest
  void roles(byte[] bytes) {
    DecoderContract.of(DescriptorCodec::role).refusingWith(MalformedEncodingException.class).writtenBy(DescriptorCodec::encode)
        .check(bytes);
  }

  private static Stream<byte[]> accesses() {
    return Stream.of(DescriptorCodec.encode(ACCESS));
  }

  @MethodSource("accesses")
  @FuzzTest
  void accesses(byte[] bytes) {
    DecoderContract.of(DescriptorCodec::access).refusingWith(MalformedEncodingException.class).writtenBy(DescriptorCodec::encode)
        .check(bytes);
  }

  private static Stream<byte[]> numbers() {
    return Stream.of(DescriptorCodec.encodeNumber(258));
  }

  @MethodSource("numbers")
  @FuzzTest
  void numbers(byte[] bytes) {
    DecoderContract.of(DescriptorCodec::number).refusingWith(MalformedEncodingException.class)
        .writtenOnlyBy(DescriptorCodec::encodeNumber).check(bytes);
  }

  private static Stream<byte[]> statistics() {
    return Stream.of(StatisticsCodec.encode(STATISTICS));
  }

  @MethodSource("statistics")
  @FuzzTest
  void statistics(byte[] bytes) {
    DecoderContract.of(StatisticsCodec::decode).refusingWith(MalformedEncodingException.class).writtenOnlyBy(StatisticsCodec::encode)
        .check(bytes);
  }

  @Test
  void descriptorsCutShortAreRefused() {
    byte[] good = DescriptorCodec.encode(PARTITIONED);
    assertThrows(MalformedEncodingException.class, () -> DescriptorCodec.table(Arrays.copyOf(good, good.length - 1)));
    assertThrows(MalformedEncodingException.class, () -> DescriptorCodec.table(new byte[0]));
  }
}
