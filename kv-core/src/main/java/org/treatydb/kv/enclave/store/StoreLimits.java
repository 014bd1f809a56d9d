package org.treatydb.kv.enclave.store;

import java.time.Duration;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.enclave.log.SealedLog;

/**
 * What one store may use.
 *
 * @param memTableBytesMax memory of the memtable that takes writes; when it is full it is flushed
 * @param frozenMemTablesMax full memtables that may wait for their flush; beyond that commits wait
 * @param leafCacheBytesMax memory of the cache of opened leaves
 * @param flushesPerCheckpoint flushes after which the MANIFEST begins anew with a checkpoint
 * @param snapshotAgeMax how long old versions are kept for a snapshot
 */
public record StoreLimits(
    long memTableBytesMax, int frozenMemTablesMax, long leafCacheBytesMax, int flushesPerCheckpoint, SealedLog.Limits log,
    Duration snapshotAgeMax) {

  /** With the default age of snapshots. */
  public StoreLimits(
      long memTableBytesMax, int frozenMemTablesMax, long leafCacheBytesMax, int flushesPerCheckpoint, SealedLog.Limits log) {
    this(
        memTableBytesMax, frozenMemTablesMax, leafCacheBytesMax, flushesPerCheckpoint, log, TransactionLimits.DEFAULT.snapshotAgeMax());
  }

  public StoreLimits withLeafCacheBytesMax(long bytesMax) {
    return new StoreLimits(memTableBytesMax, frozenMemTablesMax, bytesMax, flushesPerCheckpoint, log, snapshotAgeMax);
  }

  public StoreLimits withSnapshotAgeMax(Duration max) {
    return new StoreLimits(memTableBytesMax, frozenMemTablesMax, leafCacheBytesMax, flushesPerCheckpoint, log, max);
  }
}
