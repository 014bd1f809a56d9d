package org.treatydb.kv.api;

import java.time.Duration;
import java.util.Objects;

/**
 * How a transaction runs. Begin with one of the constants. Immutable.
 *
 * @param readOnly read one snapshot, take no locks; writes are refused
 * @param concurrencyControl of a transaction that is not read-only
 * @param lockTimeout how long one request waits for a lock before the transaction ends with
 *     {@link KvException.Retryable}
 */
public record TransactionOptions(boolean readOnly, ConcurrencyControl concurrencyControl, Duration lockTimeout) {

  public static final Duration LOCK_TIMEOUT_DEFAULT = Duration.ofSeconds(10);

  public static final TransactionOptions READ_WRITE =
      new TransactionOptions(false, ConcurrencyControl.PESSIMISTIC, LOCK_TIMEOUT_DEFAULT);
  public static final TransactionOptions OPTIMISTIC = READ_WRITE.withConcurrencyControl(ConcurrencyControl.OPTIMISTIC);
  public static final TransactionOptions READ_ONLY = READ_WRITE.withReadOnly(true);

  public TransactionOptions {
    Objects.requireNonNull(concurrencyControl, "concurrencyControl");
    Objects.requireNonNull(lockTimeout, "lockTimeout");
  }

  public TransactionOptions withReadOnly(boolean wanted) {
    return new TransactionOptions(wanted, concurrencyControl, lockTimeout);
  }

  public TransactionOptions withConcurrencyControl(ConcurrencyControl wanted) {
    return new TransactionOptions(readOnly, wanted, lockTimeout);
  }

  public TransactionOptions withLockTimeout(Duration timeout) {
    return new TransactionOptions(readOnly, concurrencyControl, timeout);
  }
}
