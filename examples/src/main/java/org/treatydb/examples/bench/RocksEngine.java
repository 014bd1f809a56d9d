package org.treatydb.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.rocksdb.EnvOptions;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SstFileWriter;
import org.rocksdb.WriteBatch;

/** Plain RocksDB through RocksJava, in {@code directory}. */
record RocksEngine(Path directory, RocksTuning tuning, RocksDB db) implements EngineUnderTest {

  private static final long TABLE_BYTES = 64L << 20;

  static RocksEngine open(Path directory, long cacheBytes) {
    RocksTuning tuning = new RocksTuning(cacheBytes);
    try {
      Files.createDirectories(directory);
      return new RocksEngine(directory, tuning, RocksDB.open(tuning.options(), directory.toString()));
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void write(List<Row> rows) {
    try {
      if (rows.size() == 1) {
        db.put(tuning.synced(), rows.getFirst().key(), rows.getFirst().value());
        return;
      }
      try (WriteBatch batch = new WriteBatch()) {
        for (Row row : rows) {
          batch.put(row.key(), row.value());
        }
        db.write(tuning.synced(), batch);
      }
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes table files and hands them over. */
  @Override
  public void bulkLoad(Iterator<Row> rows) {
    List<String> tables = new ArrayList<>();
    try (EnvOptions environment = new EnvOptions(); IngestExternalFileOptions moving = new IngestExternalFileOptions().setMoveFiles(true)) {
      while (rows.hasNext()) {
        String table = directory.resolve("bulk-" + tables.size() + ".sst").toString();
        tables.add(table);
        try (SstFileWriter writer = new SstFileWriter(environment, tuning.options())) {
          writer.open(table);
          for (long bytes = 0; rows.hasNext() && bytes < TABLE_BYTES; bytes += Row.BYTES) {
            Row row = rows.next();
            writer.put(row.key(), row.value());
          }
          writer.finish();
        }
      }
      db.ingestExternalFile(tables, moving);
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
  public List<byte[]> multiGet(List<byte[]> keys) {
    try {
      return db.multiGetAsList(keys);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int scan(byte[] key, int rowsMax) {
    int rows = 0;
    try (RocksIterator iterator = db.newIterator()) {
      for (iterator.seek(key); rows < rowsMax && iterator.isValid(); iterator.next()) {
        iterator.key();
        iterator.value();
        rows++;
      }
    }
    return rows;
  }

  @Override
  public void close() {
    db.close();
    tuning.close();
  }
}
