package org.treatydb.examples.bench;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteOptions;

/**
 * How the peer is set up: as its tuning guide advises, with the memory that Treaty has, and LZ4 as Treaty's leaves have.
 * Closing it gives back the native objects; close the database first.
 */
final class RocksTuning implements AutoCloseable {

  private static final long WRITE_BUFFER_BYTES = 32L << 20;
  private static final int WRITE_BUFFERS = 3;
  private static final int BLOOM_BITS_PER_KEY = 10;
  private static final int BACKGROUND_JOBS = 6;
  private static final long BYTES_PER_SYNC = 1 << 20;

  private final LRUCache blockCache;
  private final BloomFilter bloomFilter;
  private final Options options;
  private final WriteOptions synced;

  /** {@code cacheBytes}: memory for cached blocks. */
  RocksTuning(long cacheBytes) {
    RocksDB.loadLibrary();
    blockCache = new LRUCache(cacheBytes);
    bloomFilter = new BloomFilter(BLOOM_BITS_PER_KEY);
    synced = new WriteOptions().setSync(true);
    options = new Options()
        .setCreateIfMissing(true)
        .setWriteBufferSize(WRITE_BUFFER_BYTES)
        .setMaxWriteBufferNumber(WRITE_BUFFERS)
        .setMaxBackgroundJobs(BACKGROUND_JOBS)
        .setBytesPerSync(BYTES_PER_SYNC)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(blockCache).setFilterPolicy(bloomFilter));
  }

  Options options() {
    return options;
  }

  /** Each write is on disk when it returns; writers that wait at the same time share a sync. */
  WriteOptions synced() {
    return synced;
  }

  /** The settings, for the report. */
  static String describe(long cacheBytes) {
    return ("RocksDB: block cache %d MiB, %d write buffers of %d MiB, LZ4, bloom filter of %d bits a key, blocks of 4 KiB, %d background"
        + " jobs, bytes_per_sync %d MiB; each commit synced, concurrent commits share a sync; not encrypted").formatted(
            cacheBytes >> 20, WRITE_BUFFERS, WRITE_BUFFER_BYTES >> 20, BLOOM_BITS_PER_KEY, BACKGROUND_JOBS, BYTES_PER_SYNC >> 20);
  }

  @Override
  public void close() {
    synced.close();
    options.close();
    bloomFilter.close();
    blockCache.close();
  }
}
