package org.treatydb.kv.api;

import java.time.Duration;
import java.util.Objects;

/**
 * What a store lets its transactions have. Immutable.
 *
 * @param timeout how long one may last, if its options say nothing else; then it is ended with
 *     {@link ErrorCode#TRANSACTION_TIMEOUT}
 * @param idleTimeout how long one may lie between two calls, if its options say nothing else; then it is ended, and its
 *     locks released, with {@link ErrorCode#IDLE_TIMEOUT}
 * @param snapshotAgeMax how long old versions are kept for a snapshot, that of a read-only or an optimistic transaction;
 *     afterwards reads may end with {@link ErrorCode#SNAPSHOT_TOO_OLD}, those of an optimistic one with a
 *     {@link KvException.Retryable}
 * @param uncommittedBytesMax memory that the writes of all transactions not yet committed may take together; beyond it
 *     writes are refused with {@link ErrorCode#TOO_MANY_UNCOMMITTED_WRITES}
 */
public record TransactionLimits(Duration timeout, Duration idleTimeout, Duration snapshotAgeMax, long uncommittedBytesMax) {

  /** No limit. */
  public static final Duration UNLIMITED = Duration.ofSeconds(Long.MAX_VALUE);

  private static final int HEAP_SHARE = 4;

  /** Any duration, ten minutes idle, snapshots of an hour, a quarter of the heap. */
  public static final TransactionLimits DEFAULT = new TransactionLimits(
      UNLIMITED, Duration.ofMinutes(10), Duration.ofHours(1), Runtime.getRuntime().maxMemory() / HEAP_SHARE);

  public TransactionLimits {
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(idleTimeout, "idleTimeout");
    Objects.requireNonNull(snapshotAgeMax, "snapshotAgeMax");
  }

  public TransactionLimits withTimeout(Duration max) {
    return new TransactionLimits(max, idleTimeout, snapshotAgeMax, uncommittedBytesMax);
  }

  public TransactionLimits withIdleTimeout(Duration max) {
    return new TransactionLimits(timeout, max, snapshotAgeMax, uncommittedBytesMax);
  }

  public TransactionLimits withSnapshotAgeMax(Duration max) {
    return new TransactionLimits(timeout, idleTimeout, max, uncommittedBytesMax);
  }

  public TransactionLimits withUncommittedBytesMax(long max) {
    return new TransactionLimits(timeout, idleTimeout, snapshotAgeMax, max);
  }
}
