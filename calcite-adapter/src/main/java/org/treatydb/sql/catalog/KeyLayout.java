package org.treatydb.sql.catalog;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.treatydb.kv.api.KeyRange;

/**
 * Where everything lies in the key space. A storage format, frozen by a golden test.
 *
 * <pre>
 * table id, 4 bytes big-endian | index id, 4 bytes big-endian | [bucket, 2 bytes big-endian] | columns, as KeyCodec encodes them
 * </pre>
 *
 * <p>Index 0 is the primary key. The bucket is there only in tables that declare buckets. Table ids are never used twice. Ids below
 * {@value #FIRST_USER_TABLE} are the system's; of these, the catalog uses:
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

  static final int COUNTER_TABLE_ID = 1;
  static final int COUNTER_SCHEMA_ID = 2;

  private KeyLayout() {}

  /** What every key of an index begins with. */
  public static byte[] indexPrefix(int tableId, int indexId) {
    return ByteBuffer.allocate(2 * Integer.BYTES).putInt(tableId).putInt(indexId).array();
  }

  /** All keys of an index. */
  static KeyRange indexRange(int tableId, int indexId) {
    return KeyRange.prefix(indexPrefix(tableId, indexId));
  }

  /** The table whose keys alone are in {@code range}; null if there is none in the catalog. */
  public static TableDescriptor tableOf(Catalog catalog, KeyRange range) {
    if (range.start().length < Integer.BYTES) {
      return null;
    }
    int id = ByteBuffer.wrap(range.start()).getInt();
    KeyRange whole = KeyRange.prefix(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
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
    return ByteBuffer.allocate(4 * Integer.BYTES).putInt(DROPPED).putInt(PRIMARY_INDEX).putInt(tableId).putInt(indexId).array();
  }

  private static byte[] systemKey(int table, int id) {
    return ByteBuffer.allocate(3 * Integer.BYTES).putInt(table).putInt(PRIMARY_INDEX).putInt(id).array();
  }
}
