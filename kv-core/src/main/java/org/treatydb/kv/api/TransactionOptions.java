package org.treatydb.kv.api;

import java.time.Duration;
import java.util.Objects;

/**
 * How a transaction runs. Immutable.
 *
 * @param readOnly read one snapshot, take no locks; writes are refused
 * @param lockTimeout how long one request waits for a lock before the transaction ends with
 *     {@link KvException.Retryable}
 */
public record TransactionOptions(boolean readOnly, Duration lockTimeout) {

  public static final Duration LOCK_TIMEOUT_DEFAULT = Duration.ofSeconds(10);

  public static final TransactionOptions READ_WRITE = new TransactionOptions(false, LOCK_TIMEOUT_DEFAULT);
  public static final TransactionOptions READ_ONLY = new TransactionOptions(true, LOCK_TIMEOUT_DEFAULT);

  public TransactionOptions {
    Objects.requireNonNull(lockTimeout, "lockTimeout");
  }

  public TransactionOptions withLockTimeout(Duration timeout) {
    return new TransactionOptions(readOnly, timeout);
  }
}
