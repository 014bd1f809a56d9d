package org.treatydb.sql.catalog;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.treatydb.kv.api.KeyRange;

/**
 * Where everything lies in the key space. A storage format, frozen by a golden test.
 *
 * <pre>
 * bucket, 2 bytes big-endian | table id, 4 bytes big-endian | index id, 4 bytes big-endian | columns, as KeyCodec encodes them
 * </pre>
 *
 * <p>The bucket comes first because a cluster deals the key space out to its nodes by the first two bytes. A user's table lies in the
 * bucket {@link #scattered} by its id. Index 0 is the primary key. Table ids are never used twice. Ids below {@value #FIRST_USER_TABLE} are
 * the system's and lie in bucket 0; of these, the catalog uses:
 * <ul>
 *   <li>{@value #META}, version row: no columns. The version of the catalog, 8 bytes big-endian, after a format byte.
 *   <li>{@value #SCHEMAS}: schema id, 4 bytes big-endian. A {@link SchemaDescriptor}.
 *   <li>{@value #TABLES}: table id, 4 bytes big-endian. A {@link TableDescriptor}.
 *   <li>{@value #DROPPED}: table id, index id. Rows of that index remain to be deleted; the value is a format byte.
 *   <li>{@value #COUNTERS}: counter id, 4 bytes big-endian. The next free value, 8 bytes big-endian, after a format byte.
 * </ul>
 */
public final class KeyLayout {

  static final int META = 1;
  static final int SCHEMAS = 2;
  static final int TABLES = 3;
  static final int DROPPED = 4;
  static final int COUNTERS = 5;

  /** The first id a user's table can have. */
  public static final int FIRST_USER_TABLE = 1024;

  /** The index id of a table's rows themselves. */
  public static final int PRIMARY_INDEX = 0;

  /** How many bytes stand before the columns of a key. */
  static final int PREFIX_BYTES = Short.BYTES + 2 * Integer.BYTES;

  static final int COUNTER_TABLE_ID = 1;
  static final int COUNTER_SCHEMA_ID = 2;

  private static final int GOLDEN_RATIO = 0x9E3779B1;

  private KeyLayout() {}

  /** The bucket that all keys of a table lie in. */
  static int bucketOf(int tableId) {
    return tableId < FIRST_USER_TABLE ? 0 : scattered(tableId);
  }

  /**
   * The {@code number}th bucket: the upper 16 bits of {@code number} times 2^32 over the golden ratio. Numbers that follow each other lie
   * far apart, and however many there are, they leave gaps of at most three lengths.
   */
  static int scattered(int number) {
    return number * GOLDEN_RATIO >>> Integer.SIZE - Short.SIZE;
  }

  /** What every key of an index begins with. */
  static byte[] indexPrefix(int tableId, int indexId) {
    return prefix(tableId, indexId, 0).array();
  }

  private static ByteBuffer prefix(int tableId, int indexId, int columnBytes) {
    return ByteBuffer.allocate(PREFIX_BYTES + columnBytes).putShort((short) bucketOf(tableId)).putInt(tableId).putInt(indexId);
  }

  /** All keys of an index. */
  static KeyRange indexRange(int tableId, int indexId) {
    return KeyRange.prefix(indexPrefix(tableId, indexId));
  }

  /** The id of the table that {@code key}, or the beginning of one, is of. */
  public static int tableId(byte[] key) {
    return ByteBuffer.wrap(key).getInt(Short.BYTES);
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
    return catalog.tables().stream().filter(table -> table.id() == id).findFirst().orElse(null);
  }

  static byte[] versionKey() {
    return indexPrefix(META, PRIMARY_INDEX);
  }

  static byte[] schemaKey(int schemaId) {
    return systemKey(SCHEMAS, schemaId);
  }

  static byte[] tableKey(int tableId) {
    return systemKey(TABLES, tableId);
  }

  static byte[] counterKey(int counterId) {
    return systemKey(COUNTERS, counterId);
  }

  static byte[] droppedKey(int tableId, int indexId) {
    return prefix(DROPPED, PRIMARY_INDEX, 2 * Integer.BYTES).putInt(tableId).putInt(indexId).array();
  }

  private static byte[] systemKey(int table, int id) {
    return prefix(table, PRIMARY_INDEX, Integer.BYTES).putInt(id).array();
  }
}
