package org.treatydb.sql.catalog;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.treatydb.kv.api.KeyRange;

/**
 * Where everything lies in the key space. A storage format, frozen by a golden test.
 *
 * <pre>
 * bucket, 2 bytes big-endian | table id, 4 bytes big-endian | index id, 4 bytes big-endian | columns, as KeyCodec encodes them
 * </pre>
 *
 * <p>The bucket comes first because a cluster deals the key space out to its nodes by the first two bytes. Buckets are {@link
 * #scattered} over the 16 bits: a table with one bucket lies where its id says; the buckets of one with several lie where their numbers,
 * from 0, say. Index 0 is the primary key. Table ids are never used twice. Ids below {@value #FIRST_USER_TABLE} are the system's and lie in
 * bucket 0; of these, the catalog uses:
 * <ul>
 *   <li>{@value #META}, version row: no columns. The version of the catalog, 8 bytes big-endian, after a format byte.
 *   <li>{@value #SCHEMAS}: schema id, 4 bytes big-endian. A {@link SchemaDescriptor}.
 *   <li>{@value #TABLES}: table id, 4 bytes big-endian. A {@link TableDescriptor}.
 *   <li>{@value #DROPPED}: table id, index id. Rows of that index remain to be deleted, from so many buckets: a number as below.
 *   <li>{@value #COUNTERS}: counter id, 4 bytes big-endian. The next free value, 8 bytes big-endian, after a format byte.
 *   <li>{@value #STATISTICS}: table id, 4 bytes big-endian. A {@link TableStatistics}.
 *   <li>{@value #VIEWS}: view id, 4 bytes big-endian. A {@link ViewDescriptor}.
 *   <li>{@value #SEQUENCES}: sequence id, 4 bytes big-endian. A {@link SequenceDescriptor}.
 *   <li>{@value #SEQUENCE_NUMBERS}: sequence id. The number that nobody has been given yet, as in a counter.
 *   <li>{@value #ROLES}: role id, 4 bytes big-endian. A {@link RoleDescriptor}.
 *   <li>{@value #ACCESS}: kind and id of an object, 4 bytes big-endian each. An {@link ObjectAccess}.
 * </ul>
 */
public final class KeyLayout {

  static final int META = 1;
  static final int SCHEMAS = 2;
  static final int TABLES = 3;
  static final int DROPPED = 4;
  static final int COUNTERS = 5;
  static final int STATISTICS = 6;
  static final int VIEWS = 11;
  static final int SEQUENCES = 12;
  static final int SEQUENCE_NUMBERS = 13;
  static final int ROLES = 14;
  static final int ACCESS = 15;

  /** The first id a user's table can have. */
  public static final int FIRST_USER_TABLE = 1024;

  /** The index id of a table's rows themselves. */
  public static final int PRIMARY_INDEX = 0;

  /** How many bytes stand before the columns of a key. */
  static final int PREFIX_BYTES = Short.BYTES + 2 * Integer.BYTES;

  static final int COUNTER_TABLE_ID = 1;
  static final int COUNTER_SCHEMA_ID = 2;
  static final int COUNTER_SEQUENCE_ID = 3;
  static final int COUNTER_ROLE_ID = 4;

  private static final int SCATTER = 0xB641;

  private KeyLayout() {}

  /** What keys begin with, unsigned, in the bucket with this number, from 0, of a table with so many buckets. */
  static int bucket(int tableId, int number, int buckets) {
    if (tableId < FIRST_USER_TABLE) {
      return 0;
    }
    return scattered(buckets == 1 ? tableId : number);
  }

  /**
   * The lower 16 bits of {@code number} times an odd number. Numbers that follow each other lie far apart, and however many there are from
   * 0 on, they leave gaps of at most three lengths. Of all odd numbers, this one deals buckets out most evenly when the 16 bits are divided
   * into ranges of one length, which go to 2 to 8 nodes in turn, and each node gets 1, 2, 4 … 64 of them. Evenly spaced buckets would often
   * all meet the same nodes.
   */
  static int scattered(int number) {
    return number * SCATTER & 0xffff;
  }

  /** What every key of an index in this bucket begins with. */
  static byte[] indexPrefix(int bucket, int tableId, int indexId) {
    return prefix(bucket, tableId, indexId, 0).array();
  }

  private static ByteBuffer prefix(int bucket, int tableId, int indexId, int columnBytes) {
    return ByteBuffer.allocate(PREFIX_BYTES + columnBytes).putShort((short) bucket).putInt(tableId).putInt(indexId);
  }

  /** Writes another bucket over that of {@code key}. */
  static void putBucket(byte[] key, int bucket) {
    ByteBuffer.wrap(key).putShort((short) bucket);
  }

  /** Compares keys as if all were in one bucket. */
  public static int compareInBuckets(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, Short.BYTES, left.length, right, Short.BYTES, right.length);
  }

  /** All rows of a table of the system's. */
  static KeyRange systemRange(int systemTable) {
    return KeyRange.prefix(indexPrefix(0, systemTable, PRIMARY_INDEX));
  }

  /** All keys of an index, bucket by bucket. */
  static List<KeyRange> indexRanges(int tableId, int indexId, int buckets) {
    return IntStream.range(0, buckets)
        .mapToObj(number -> KeyRange.prefix(indexPrefix(bucket(tableId, number, buckets), tableId, indexId))).toList();
  }

  /** The id of the table that {@code key}, or the beginning of one, is of. */
  public static int tableId(byte[] key) {
    return ByteBuffer.wrap(key).getInt(Short.BYTES);
  }

  /** The id of the index that {@code key} is of; 0 for the rows themselves. */
  public static int indexId(byte[] key) {
    return ByteBuffer.wrap(key).getInt(Short.BYTES + Integer.BYTES);
  }

  /** The table whose keys alone are in {@code range}; null if there is none in the catalog. */
  public static TableDescriptor tableOf(Catalog catalog, KeyRange range) {
    int idEnd = Short.BYTES + Integer.BYTES;
    if (range.start().length < idEnd) {
      return null;
    }
    int id = tableId(range.start());
    KeyRange whole = KeyRange.prefix(Arrays.copyOf(range.start(), idEnd));
    if (range.end() == null || Arrays.compareUnsigned(range.end(), whole.end()) > 0) {
      return null;
    }
    return catalog.table(id);
  }

  static byte[] versionKey() {
    return indexPrefix(0, META, PRIMARY_INDEX);
  }

  static byte[] schemaKey(int schemaId) {
    return systemKey(SCHEMAS, schemaId);
  }

  static byte[] tableKey(int tableId) {
    return systemKey(TABLES, tableId);
  }

  static byte[] viewKey(int viewId) {
    return systemKey(VIEWS, viewId);
  }

  static byte[] sequenceKey(int sequenceId) {
    return systemKey(SEQUENCES, sequenceId);
  }

  static byte[] sequenceNumberKey(int sequenceId) {
    return systemKey(SEQUENCE_NUMBERS, sequenceId);
  }

  static byte[] counterKey(int counterId) {
    return systemKey(COUNTERS, counterId);
  }

  static byte[] statisticsKey(int tableId) {
    return systemKey(STATISTICS, tableId);
  }

  static byte[] droppedKey(int tableId, int indexId) {
    return prefix(0, DROPPED, PRIMARY_INDEX, 2 * Integer.BYTES).putInt(tableId).putInt(indexId).array();
  }

  static byte[] roleKey(int roleId) {
    return systemKey(ROLES, roleId);
  }

  static byte[] accessKey(SecuredObject object) {
    return prefix(0, ACCESS, PRIMARY_INDEX, 2 * Integer.BYTES).putInt(object.kind().ordinal()).putInt(object.id()).array();
  }

  /** The id that a key of a table of the system's is of. */
  static int systemId(byte[] key) {
    return ByteBuffer.wrap(key).getInt(PREFIX_BYTES);
  }

  private static byte[] systemKey(int table, int id) {
    return prefix(0, table, PRIMARY_INDEX, Integer.BYTES).putInt(id).array();
  }
}
