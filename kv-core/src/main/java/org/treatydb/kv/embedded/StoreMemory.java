package org.treatydb.kv.embedded;

import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.host.rocksdb.RocksSealedStore;

/**
 * How the memory that a store may use is shared out, in sixteenths: three to memtables, eight to the cache of opened leaves,
 * two to commits that are not yet in memtables, which are held twice, three to RocksDB.
 */
record StoreMemory(long bytes) {

  static final long BYTES_MIN = 8L << 20;

  private static final long DEFAULT_BYTES_MIN = 16L << 20;
  private static final long DEFAULT_BYTES_MAX = 512L << 20;
  private static final int DEFAULT_HEAP_SHARE = 4;

  /** One takes writes while these wait for their flush. */
  private static final int FROZEN_MEMTABLES_MAX = 2;
  private static final int FLUSHES_PER_CHECKPOINT = 64;

  StoreMemory {
    if (bytes < BYTES_MIN) {
      throw new KvException.InvalidRequest(
          ErrorCode.INVALID_ARGUMENT, "a store needs at least " + (BYTES_MIN >> 20) + " MiB of memory");
    }
  }

  /** For a process whose heap has at most {@code heapBytesMax}: a quarter of that, between 16 and 512 MiB. */
  static StoreMemory forHeap(long heapBytesMax) {
    return new StoreMemory(Math.clamp(heapBytesMax / DEFAULT_HEAP_SHARE, DEFAULT_BYTES_MIN, DEFAULT_BYTES_MAX));
  }

  StoreLimits limits() {
    SealedLog.Limits log = SealedLog.Limits.DEFAULT.withUnstableBytesMax(bytes / 16);
    return new StoreLimits(bytes / 16, FROZEN_MEMTABLES_MAX, bytes / 2, FLUSHES_PER_CHECKPOINT, log);
  }

  RocksSealedStore.Memory rocksDb() {
    return new RocksSealedStore.Memory(bytes / 16, bytes / 16);
  }
}
