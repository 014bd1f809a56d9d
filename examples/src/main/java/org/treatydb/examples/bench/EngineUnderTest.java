package org.treatydb.examples.bench;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** What the storage benchmark asks of an engine; Treaty's, or plain RocksDB with a synced log. Thread-safe. */
interface EngineUnderTest extends AutoCloseable {

  /** The engines there are. */
  enum Kind {
    TREATY,
    ROCKSDB;

    /** How figures call it. */
    String figureName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Opens or creates an engine in {@code directory}; {@code cacheBytes}: memory for all its caches together. */
    EngineUnderTest open(Path directory, long cacheBytes) {
      return switch (this) {
        case TREATY -> new TreatyEngine(TreatyFiles.open(directory, cacheBytes));
        case ROCKSDB -> RocksEngine.open(directory, cacheBytes);
      };
    }
  }

  /** Writes all rows in one durable commit. */
  void write(List<Row> rows);

  /** Writes rows that come in the order of their keys, all or none, the way the engine writes such rows fastest. */
  void bulkLoad(Iterator<Row> rows);

  /** The value of {@code key}, or null. */
  byte[] get(byte[] key);

  /** The values of {@code keys}, in their order, null where there is none. */
  List<byte[]> multiGet(List<byte[]> keys);

  /** Walks {@code rowsMax} rows from {@code key} on, keys and values; returns how many it saw. */
  int scan(byte[] key, int rowsMax);

  @Override
  void close();
}
