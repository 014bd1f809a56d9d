package org.treatydb.dist.simulation;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;

/** The store as simulated clients use it: they wait for locks not too long, and on simulated time between attempts. */
final class ClientStore implements KvStore {

  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);
  private static final long PAUSE_NANOS = 20_000_000;
  private static final int ATTEMPTS_MAX = 200;

  private final KvStore store;
  private final Scheduler scheduler;

  ClientStore(KvStore store, Scheduler scheduler) {
    this.store = store;
    this.scheduler = scheduler;
  }

  @Override
  public KvTransaction begin(TransactionOptions options) {
    return store.begin(options.withLockTimeout(LOCK_TIMEOUT));
  }

  @Override
  public <T> T run(TransactionOptions options, Function<KvTransaction, T> work) {
    for (int attempt = 1; ; attempt++) {
      try (KvTransaction transaction = begin(options.forAttempt(attempt))) {
        T result = work.apply(transaction);
        transaction.commit();
        return result;
      } catch (KvException.Retryable | KvException.UnknownOutcome e) {
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
      scheduler.sleep(PAUSE_NANOS);
    }
  }

  @Override
  public LockView locks() {
    return store.locks();
  }

  @Override
  public List<TransactionView> transactions() {
    return store.transactions();
  }

  @Override
  public void close() {
    store.close();
  }
}
