package org.treatydb.examples.bench;

import java.util.concurrent.TimeUnit;

/**
 * How much the storage benchmark does.
 *
 * @param rows rows of the data
 * @param warmUpRows rows loaded, elsewhere, before the load is measured
 * @param loadPieces pieces in which the sides load by turns
 * @param cacheBytes each side's caches in the case where they shall hold the data
 * @param smallCacheBytes each side's caches in the case where they shall not
 * @param coldReads reads of a store whose caches are empty
 * @param probeHeapMebibytes Java's heap in the processes whose memory is measured
 */
record StoragePlan(
    int rows, int warmUpRows, int loadPieces, int rounds, long roundNanos, long cacheBytes, long smallCacheBytes, int coldReads,
    int probeHeapMebibytes) {

  static final StoragePlan FULL = new StoragePlan(
      10_000_000, 500_000, 5, 5, TimeUnit.SECONDS.toNanos(4), cacheFor(2048L << 20), 320L << 20, 100_000, 1024);

  static final StoragePlan QUICK = new StoragePlan(
      300_000, 50_000, 1, 2, TimeUnit.MILLISECONDS.toNanos(250), cacheFor(160L << 20), 34L << 20, 3000, 512);

  /** Treaty's cache lies in the heap, which must hold more. */
  private static long cacheFor(long wantedBytes) {
    return Math.min(wantedBytes, Runtime.getRuntime().maxMemory() / 2);
  }

  StoragePlan withRows(int wanted) {
    return new StoragePlan(
        wanted, warmUpRows, loadPieces, rounds, roundNanos, cacheBytes, smallCacheBytes, coldReads, probeHeapMebibytes);
  }

  long dataBytes() {
    return (long) rows * Row.BYTES;
  }
}
