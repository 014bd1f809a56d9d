package org.treatydb.kv.host.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
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
 * is off: frames are compressed before they are sealed.
 *
 * <p>Thread-safe. Closing waits for calls under way and then gives everything back, open snapshots too: a native object
 * used after it was freed would take the whole process down, so whoever still reads is refused instead.
 */
public final class RocksSealedStore implements SealedStore {

  private static final int WRITE_BUFFERS_MAX = 2;
  private static final int BLOOM_BITS_PER_KEY = 10;

  static {
    RocksDB.loadLibrary();
  }

  private final LRUCache blockCache;
  private final BloomFilter bloomFilter = new BloomFilter(BLOOM_BITS_PER_KEY);
  private final StringAppendOperator append = new StringAppendOperator("");
  private final Options options;
  private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
  private final FlushOptions flushOptions = new FlushOptions().setWaitForFlush(true);
  private final RocksDB db;

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  /** Held by every call that touches a native object. */
  private final Lock use = lock.readLock();
  private final Set<RocksSnapshot> snapshots = ConcurrentHashMap.newKeySet();
  private boolean closed;

  /**
   * What RocksDB may use; the indexes and filters of its files come beside it.
   *
   * @param writeBufferBytes bytes of each of at most two write buffers
   * @param blockCacheBytes bytes of the cache of blocks read
   */
  public record Memory(long writeBufferBytes, long blockCacheBytes) {

    private static final Memory TO_READ = new Memory(1L << 20, 32L << 20);
  }

  /**
   * Opens the RocksDB in {@code directory}.
   *
   * @param create whether to create it; otherwise its absence is an integrity violation
   */
  public RocksSealedStore(Path directory, boolean create, Memory memory) {
    this(directory, create, false, memory);
  }

  private RocksSealedStore(Path directory, boolean create, boolean readOnly, Memory memory) {
    blockCache = new LRUCache(memory.blockCacheBytes());
    options = new Options()
        .setCreateIfMissing(create)
        .setParanoidChecks(true)
        .setMergeOperator(append)
        .setCompressionType(CompressionType.NO_COMPRESSION)
        .setWriteBufferSize(memory.writeBufferBytes())
        .setMaxWriteBufferNumber(WRITE_BUFFERS_MAX)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setKeepLogFileNum(4)
        .setTableFormatConfig(new BlockBasedTableConfig()
            .setBlockCache(blockCache)
            .setFilterPolicy(bloomFilter)
            .setBlockSize(4 << 10))
        .setOptimizeFiltersForHits(true);
    try {
      RocksManifest.check(directory);
      db = readOnly ? RocksDB.openReadOnly(options, directory.toString()) : RocksDB.open(options, directory.toString());
    } catch (RocksDBException e) {
      closeOptions();
      throw readFailure("cannot be opened", e);
    } catch (IOException e) {
      closeOptions();
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "the leaf store cannot be opened: " + e.getMessage(), e);
    } catch (KvException e) {
      closeOptions();
      throw e;
    }
  }

  /** Opens the RocksDB in {@code directory}, which must be there, without changing a byte of it. */
  public static RocksSealedStore openToRead(Path directory) {
    // Its own lock file, which an opening needs and a reader does not, is the one that this finds.
    try (Stream<Path> files = Files.list(directory)) {
      if (files.anyMatch(Files::isDirectory)) {
        throw new KvException.IntegrityViolation("the leaf store is damaged: a directory lies where only files may");
      }
    } catch (IOException e) {
      throw new KvException.IntegrityViolation(
          ErrorCode.INTEGRITY_VIOLATION, "the leaf store cannot be opened: its directory is damaged or missing", e);
    }
    return new RocksSealedStore(directory, false, true, Memory.TO_READ);
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

  /** Takes {@link #use}, unless the natives are gone. */
  private void enter() {
    use.lock();
    if (closed) {
      use.unlock();
      throw new KvException.Closed(ErrorCode.STORE_CLOSED, "the store is closed");
    }
  }

  @Override
  public Snapshot snapshot() {
    enter();
    try {
      RocksSnapshot snapshot = new RocksSnapshot();
      snapshots.add(snapshot);
      return snapshot;
    } finally {
      use.unlock();
    }
  }

  @Override
  public void apply(List<Edit> edits) {
    enter();
    try (WriteBatch batch = new WriteBatch()) {
      for (Edit edit : edits) {
        switch (edit) {
          case Edit.Put put -> batch.put(key(put.leafId()), put.bytes());
          case Edit.Append more -> batch.merge(key(more.leafId()), more.bytes());
          case Edit.Delete delete -> batch.delete(key(delete.leafId()));
          case Edit.DeleteRange range -> deleteRange(key(range.leafId()), key(range.end()), batch);
        }
      }
      db.write(writeOptions, batch);
    } catch (RocksDBException e) {
      throw writeFailure("cannot be written", e);
    } finally {
      use.unlock();
    }
  }

  /** A deleted range slows reading down for a while, so there must be something to delete. */
  private void deleteRange(byte[] first, byte[] end, WriteBatch batch) throws RocksDBException {
    try (RocksIterator leaves = db.newIterator()) {
      leaves.seek(first);
      leaves.status();
      if (leaves.isValid() && Arrays.compareUnsigned(leaves.key(), end) < 0) {
        batch.deleteRange(first, end);
      }
    }
  }

  @Override
  public void sync() {
    enter();
    try {
      db.flush(flushOptions);
    } catch (RocksDBException e) {
      throw writeFailure("cannot be synced", e);
    } finally {
      use.unlock();
    }
  }

  /**
   * Reads all files against RocksDB's own checksums: also what holds no leaf any more, which no reader would meet, but
   * RocksDB itself will when it next compacts.
   *
   * @throws KvException.IntegrityViolation if a file is damaged
   */
  public void checkFiles() {
    enter();
    try {
      db.verifyChecksum();
    } catch (RocksDBException e) {
      throw readFailure("cannot be read", e);
    } finally {
      use.unlock();
    }
  }

  /**
   * Makes {@code directory}, which must not exist, a RocksDB of its own that holds the leaves as they are now: by hard
   * links, so it takes no time to speak of, if it is on the same file system.
   */
  public void checkpointTo(Path directory) {
    enter();
    try (Checkpoint checkpoint = Checkpoint.create(db)) {
      checkpoint.createCheckpoint(directory.toString());
    } catch (RocksDBException e) {
      throw writeFailure("cannot make a checkpoint", e);
    } finally {
      use.unlock();
    }
  }

  /** A write fails on a full or broken disk, or because RocksDB met damaged files behind the scenes. */
  private static KvException writeFailure(String what, RocksDBException e) {
    if (e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption) {
      return readFailure(what, e);
    }
    return new KvException.Unavailable(ErrorCode.IO_FAILURE, "the leaf store " + what + ": " + e.getMessage(), e);
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      new HashSet<>(snapshots).forEach(RocksSnapshot::free);
      closed = true;
      db.close();
      closeOptions();
    } finally {
      lock.writeLock().unlock();
    }
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
      enter();
      try {
        return db.get(readOptions, key(leafId));
      } catch (RocksDBException e) {
        throw readFailure("cannot read leaf " + leafId, e);
      } finally {
        use.unlock();
      }
    }

    @Override
    public List<byte[]> get(List<Long> leafIds) {
      enter();
      try {
        return db.multiGetAsList(readOptions, leafIds.stream().map(RocksSealedStore::key).toList());
      } catch (RocksDBException e) {
        throw readFailure("cannot read leaves", e);
      } finally {
        use.unlock();
      }
    }

    @Override
    public void close() {
      use.lock();
      try {
        free();
      } finally {
        use.unlock();
      }
    }

    private void free() {
      if (snapshots.remove(this)) {
        readOptions.close();
        db.releaseSnapshot(snapshot);
      }
    }
  }
}
