package org.treatydb.kv.host.rocksdb;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.StringAppendOperator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.SealedStore;

/**
 * Leaves in one RocksDB, key = leaf id (8 bytes, big-endian), value = frames, appended with the merge operator, so that
 * adding a frame reads nothing. RocksDB's own log is off: the WAL above it brings back what it loses. Its compression
 * is off: frames are compressed before they are sealed. Thread-safe.
 */
public final class RocksSealedStore implements SealedStore {

  private static final long BLOCK_CACHE_BYTES = 32L << 20;
  private static final long WRITE_BUFFER_BYTES = 64L << 20;
  private static final int BLOOM_BITS_PER_KEY = 10;

  static {
    RocksDB.loadLibrary();
  }

  private final LRUCache blockCache = new LRUCache(BLOCK_CACHE_BYTES);
  private final BloomFilter bloomFilter = new BloomFilter(BLOOM_BITS_PER_KEY);
  private final StringAppendOperator append = new StringAppendOperator("");
  private final Options options;
  private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
  private final FlushOptions flushOptions = new FlushOptions().setWaitForFlush(true);
  private final RocksDB db;

  /**
   * Opens the RocksDB in {@code directory}.
   *
   * @param create whether to create it; otherwise its absence is an integrity violation
   */
  public RocksSealedStore(Path directory, boolean create) {
    options = new Options()
        .setCreateIfMissing(create)
        .setParanoidChecks(true)
        .setMergeOperator(append)
        .setCompressionType(CompressionType.NO_COMPRESSION)
        .setWriteBufferSize(WRITE_BUFFER_BYTES)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setKeepLogFileNum(4)
        .setTableFormatConfig(new BlockBasedTableConfig()
            .setBlockCache(blockCache)
            .setFilterPolicy(bloomFilter)
            .setBlockSize(16 << 10));
    try {
      db = RocksDB.open(options, directory.toString());
    } catch (RocksDBException e) {
      closeOptions();
      throw readFailure("cannot be opened", e);
    }
  }

  private static byte[] key(long leafId) {
    return ByteBuffer.allocate(Long.BYTES).putLong(leafId).array();
  }

  /**
   * RocksDB could not give what it holds: to a reader, lost or damaged data are an integrity violation, whoever did it.
   */
  private static KvException readFailure(String what, RocksDBException e) {
    if (e.getStatus() != null && (e.getStatus().getCode() == Status.Code.Busy || e.getStatus().getSubCode() == Status.SubCode.NoSpace)) {
      return new KvException.Unavailable(ErrorCode.IO_FAILURE, "the leaf store " + what + ": " + e.getMessage(), e);
    }
    return new KvException.IntegrityViolation(
        ErrorCode.INTEGRITY_VIOLATION, "the leaf store " + what + ": its files are damaged or missing", e);
  }

  @Override
  public Snapshot snapshot() {
    return new RocksSnapshot();
  }

  @Override
  public void apply(List<Edit> edits) {
    try (WriteBatch batch = new WriteBatch()) {
      for (Edit edit : edits) {
        switch (edit) {
          case Edit.Put put -> batch.put(key(put.leafId()), put.bytes());
          case Edit.Append more -> batch.merge(key(more.leafId()), more.bytes());
          case Edit.Delete delete -> batch.delete(key(delete.leafId()));
        }
      }
      db.write(writeOptions, batch);
    } catch (RocksDBException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "the leaf store cannot be written: " + e.getMessage(), e);
    }
  }

  @Override
  public void sync() {
    try {
      db.flush(flushOptions);
    } catch (RocksDBException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "the leaf store cannot be synced: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    db.close();
    closeOptions();
  }

  private void closeOptions() {
    flushOptions.close();
    writeOptions.close();
    options.close();
    append.close();
    bloomFilter.close();
    blockCache.close();
  }

  private final class RocksSnapshot implements Snapshot {

    private final org.rocksdb.Snapshot snapshot = db.getSnapshot();
    private final ReadOptions readOptions = new ReadOptions().setSnapshot(snapshot);

    @Override
    public byte[] get(long leafId) {
      try {
        return db.get(readOptions, key(leafId));
      } catch (RocksDBException e) {
        throw readFailure("cannot read leaf " + leafId, e);
      }
    }

    @Override
    public List<byte[]> get(List<Long> leafIds) {
      try {
        return db.multiGetAsList(readOptions, leafIds.stream().map(RocksSealedStore::key).toList());
      } catch (RocksDBException e) {
        throw readFailure("cannot read leaves", e);
      }
    }

    @Override
    public void close() {
      readOptions.close();
      db.releaseSnapshot(snapshot);
    }
  }
}
