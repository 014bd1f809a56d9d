package org.treatydb.kv.enclave.store;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;

/**
 * Whether the store may serve. The first integrity violation, and the first failure of disk or counter, ends its
 * service for good: it fences itself and tells everybody who comes what was found, and since when. Thread-safe.
 */
public final class Health {

  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  private record Failure(RuntimeException cause, Instant since) {}

  private final Clock clock;
  private final AtomicReference<Failure> failure = new AtomicReference<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  Health(Clock clock) {
    this.clock = clock;
  }

  /** Throws unless the store serves. */
  public void check() {
    Failure failed = failure.get();
    if (failed != null) {
      throw describe(failed);
    }
    if (closed.get()) {
      throw new KvException.Closed(ErrorCode.STORE_CLOSED, "the store is closed");
    }
  }

  private static KvException describe(Failure failed) {
    if (failed.cause instanceof KvException.IntegrityViolation violation) {
      return new KvException.IntegrityViolation(
          violation.code(), violation.finding() + "; the store serves nothing since " + failed.since, violation);
    }
    return new KvException.Unavailable(
        ErrorCode.IO_FAILURE,
        "the store failed at " + failed.since + " and must be opened again: " + failed.cause.getMessage(), failed.cause);
  }

  /** Ends the service. Only the first call has an effect. */
  public void fail(RuntimeException cause) {
    if (failure.compareAndSet(null, new Failure(cause, Instant.ofEpochMilli(clock.currentTimeMillis())))) {
      LOG.error("the store stops serving: {}", cause.getMessage());
      LOG.debug("where that was found", cause);
    }
  }

  /** Passes {@code e} on; if it is an integrity violation, ends the service first. */
  public RuntimeException noted(RuntimeException e) {
    if (e instanceof KvException.IntegrityViolation) {
      fail(e);
    }
    return e;
  }

  /** Whether its service has ended other than by closing. */
  public boolean hasFailed() {
    return failure.get() != null;
  }

  /** Marks the store as closed on purpose; false if it was already. */
  boolean close() {
    return closed.compareAndSet(false, true);
  }
}
