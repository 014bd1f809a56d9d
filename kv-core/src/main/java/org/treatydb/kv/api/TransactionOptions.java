package org.treatydb.kv.api;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a transaction runs. Begin with one of the constants. Immutable.
 *
 * @param readOnly read one snapshot, take no locks; writes are refused
 * @param concurrencyControl of a transaction that is not read-only
 * @param lockTimeout how long one request waits for a lock before the transaction ends with
 *     {@link KvException.Retryable}
 * @param timeout how long the transaction may last; empty: as long as the store's {@link TransactionLimits} say
 * @param idleTimeout how long the transaction may lie between two calls; empty: as the store's limits say
 * @param earlyReads whether a pessimistic transaction reads by key what others have committed before that is stable. Such a transaction
 *     waits when it ends, be it by rollback, until all it has read is stable; before that, tell nobody what it has read. It makes
 *     transactions that change the same rows wait less for each other. {@link KvStore#run} sets it, where it can do no harm
 */
public record TransactionOptions(
    boolean readOnly, ConcurrencyControl concurrencyControl, Duration lockTimeout,
    Optional<Duration> timeout, Optional<Duration> idleTimeout, boolean earlyReads) {

  public static final Duration LOCK_TIMEOUT_DEFAULT = Duration.ofSeconds(10);

  public static final TransactionOptions READ_WRITE = new TransactionOptions(
      false, ConcurrencyControl.PESSIMISTIC, LOCK_TIMEOUT_DEFAULT, Optional.empty(), Optional.empty(), false);
  public static final TransactionOptions OPTIMISTIC = READ_WRITE.withConcurrencyControl(ConcurrencyControl.OPTIMISTIC);
  public static final TransactionOptions READ_ONLY = READ_WRITE.withReadOnly(true);

  public TransactionOptions {
    Objects.requireNonNull(concurrencyControl, "concurrencyControl");
    Objects.requireNonNull(lockTimeout, "lockTimeout");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(idleTimeout, "idleTimeout");
  }

  public TransactionOptions withReadOnly(boolean wanted) {
    return new TransactionOptions(wanted, concurrencyControl, lockTimeout, timeout, idleTimeout, earlyReads);
  }

  public TransactionOptions withConcurrencyControl(ConcurrencyControl wanted) {
    return new TransactionOptions(readOnly, wanted, lockTimeout, timeout, idleTimeout, earlyReads);
  }

  public TransactionOptions withLockTimeout(Duration max) {
    return new TransactionOptions(readOnly, concurrencyControl, max, timeout, idleTimeout, earlyReads);
  }

  /** {@link TransactionLimits#UNLIMITED} takes the store's limit off. */
  public TransactionOptions withTimeout(Duration max) {
    return new TransactionOptions(readOnly, concurrencyControl, lockTimeout, Optional.of(max), idleTimeout, earlyReads);
  }

  /** {@link TransactionLimits#UNLIMITED} takes the store's limit off. */
  public TransactionOptions withIdleTimeout(Duration max) {
    return new TransactionOptions(readOnly, concurrencyControl, lockTimeout, timeout, Optional.of(max), earlyReads);
  }

  public TransactionOptions withEarlyReads(boolean wanted) {
    return new TransactionOptions(readOnly, concurrencyControl, lockTimeout, timeout, idleTimeout, wanted);
  }

  /**
   * The options for the {@code attempt}-th attempt, counted from 1, at the same work. What has lost to others optimistically does better to
   * wait for them: so much contended work ends, and all of it goes on.
   */
  public TransactionOptions forAttempt(int attempt) {
    return attempt > 1 ? withConcurrencyControl(ConcurrencyControl.PESSIMISTIC) : this;
  }
}
