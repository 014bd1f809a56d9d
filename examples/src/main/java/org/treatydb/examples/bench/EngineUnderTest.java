package org.treatydb.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;

/** What the storage benchmark asks of an engine; Treaty's, or plain RocksDB with a synced log. Thread-safe. */
interface EngineUnderTest extends AutoCloseable {

  /** One entry. */
  record Row(byte[] key, byte[] value) {}

  /** Writes all rows in one durable commit. */
  void write(List<Row> rows);

  byte[] get(byte[] key);

  /** Walks {@code rows} rows from {@code key} on; returns how many bytes of values it saw. */
  long scan(byte[] key, int rows);

  @Override
  void close();

  /** How to open an engine. */
  interface Opener {
    EngineUnderTest open();
  }

  /** Treaty's engine, key and counter beside the data. */
  static EngineUnderTest treaty(Path directory) {
    Path keyFile = directory.resolve("key");
    try {
      Files.createDirectories(directory);
      if (!Files.exists(keyFile)) {
        Files.writeString(keyFile, "00".repeat(32));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    KvStore store = EmbeddedStore.open(
        directory.resolve("data"),
        EmbeddedStoreOptions.defaults().withKeyFile(keyFile).withCounterDirectory(directory.resolve("counters")));
    return new Treaty(store);
  }

  /** Plain RocksDB: every write batch synced, nothing encrypted, LZ4 as Treaty's leaves have. */
  static EngineUnderTest rocksDb(Path directory) {
    try {
      RocksDB.loadLibrary();
      Files.createDirectories(directory);
      Options options = new Options()
          .setCreateIfMissing(true)
          .setWriteBufferSize(32L << 20)
          .setCompressionType(CompressionType.LZ4_COMPRESSION);
      return new Rocks(options, RocksDB.open(options, directory.toString()));
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Row number {@code i} of the benchmark's data: a 16-byte key, a 100-byte value of which half compresses. */
  static Row row(long i, Random random) {
    byte[] value = new byte[100];
    random.nextBytes(value);
    Arrays.fill(value, 50, 100, (byte) 'x');
    return new Row(key(i), value);
  }

  /** The key of row number {@code i}. */
  static byte[] key(long i) {
    return "key%013d".formatted(i).getBytes(StandardCharsets.US_ASCII);
  }

  static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** Treaty's engine through its Java API. */
  record Treaty(KvStore store) implements EngineUnderTest {

    @Override
    public void write(List<Row> rows) {
      store.run(transaction -> {
        rows.forEach(row -> transaction.put(row.key(), row.value()));
        return null;
      });
    }

    @Override
    public byte[] get(byte[] key) {
      try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY)) {
        return transaction.get(key);
      }
    }

    @Override
    public long scan(byte[] key, int rows) {
      long bytes = 0;
      try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY);
          KvCursor cursor = transaction.scan(new KeyRange(key, null))) {
        for (int i = 0; i < rows && cursor.next(); i++) {
          bytes += cursor.key().length + cursor.value().length;
        }
      }
      return bytes;
    }

    @Override
    public void close() {
      store.close();
    }
  }

  /** Plain RocksDB. */
  record Rocks(Options options, RocksDB db) implements EngineUnderTest {

    @Override
    public void write(List<Row> rows) {
      try (WriteBatch batch = new WriteBatch(); WriteOptions synced = new WriteOptions().setSync(true)) {
        for (Row row : rows) {
          batch.put(row.key(), row.value());
        }
        db.write(synced, batch);
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public byte[] get(byte[] key) {
      try {
        return db.get(key);
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public long scan(byte[] key, int rows) {
      long bytes = 0;
      try (RocksIterator iterator = db.newIterator()) {
        int i = 0;
        for (iterator.seek(key); i < rows && iterator.isValid(); iterator.next(), i++) {
          bytes += iterator.key().length + iterator.value().length;
        }
      }
      return bytes;
    }

    @Override
    public void close() {
      db.close();
      options.close();
    }
  }
}
