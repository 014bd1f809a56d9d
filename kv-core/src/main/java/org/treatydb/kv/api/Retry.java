package org.treatydb.kv.api;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The retry loop of {@link KvStore#run}: at most {@value #ATTEMPTS_MAX} attempts with randomised, growing pauses
 * between them.
 */
final class Retry {

  static final int ATTEMPTS_MAX = 50;

  private static final long PAUSE_NANOS_MIN = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);

  private Retry() {}

  private static <T> T result(KvTransaction transaction, Function<KvTransaction, T> work) {
    try {
      return work.apply(transaction);
    } catch (RuntimeException | Error e) {
      try {
        transaction.rollback();
      } catch (KvException lost) {
        // What was read, and led to e, may not be so.
        lost.addSuppressed(e);
        throw lost;
      }
      throw e;
    }
  }

  static <T> T run(KvStore store, TransactionOptions options, Function<KvTransaction, T> work) {
    for (int attempt = 1; ; attempt++) {
      try (KvTransaction transaction = store.begin(options.forAttempt(attempt).withEarlyReads(true))) {
        T result = result(transaction, work);
        transaction.commit();
        return result;
      } catch (KvException.Retryable e) {
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
      if (attempt == 1 && options.concurrencyControl() == ConcurrencyControl.OPTIMISTIC) {
        continue;
      }
      long ceiling = Math.min(PAUSE_NANOS_MAX, PAUSE_NANOS_MIN << Math.min(attempt, 10));
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(PAUSE_NANOS_MIN, ceiling + 1));
    }
  }
}
