package org.treatydb.kv.workload;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;

/**
 * A store whose clients have little time, and meet its limits: every other transaction has timeouts of some milliseconds, and now and then
 * a client waits until its transaction was ended for that, and goes on using it all the same. Who finds no room for a lock or a write
 * gives up. Thread-safe.
 *
 * @param refusals what was refused, how often
 */
public record HurriedStore(KvStore store, Map<ErrorCode, Integer> refusals) implements KvStore {

  private static final int TIMEOUT_MILLIS_MAX = 12;
  private static final int CALLS_PER_PAUSE = 150;
  private static final long PAUSE_NANOS = 100_000;

  @Override
  public KvTransaction begin(TransactionOptions options) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    if (random.nextBoolean()) {
      return watched(KvTransaction.class, store.begin(options), () -> {});
    }
    Duration timeout = Duration.ofMillis(1 + random.nextInt(TIMEOUT_MILLIS_MAX));
    KvTransaction transaction = store.begin(random.nextBoolean() ? options.withTimeout(timeout) : options.withIdleTimeout(timeout));
    return watched(KvTransaction.class, transaction, () -> {
      if (ThreadLocalRandom.current().nextInt(CALLS_PER_PAUSE) == 0) {
        awaitEnd(transaction.id());
      }
    });
  }

  /** Passes calls on to {@code target}, each after {@code pause}, and notes what is refused. */
  private <T> T watched(Class<T> type, T target, Runnable pause) {
    InvocationHandler handler = (proxy, method, arguments) -> {
      pause.run();
      try {
        Object result = method.invoke(target, arguments);
        return result instanceof KvCursor cursor ? watched(KvCursor.class, cursor, pause) : result;
      } catch (InvocationTargetException e) {
        throw e.getCause() instanceof KvException refusal ? noted(refusal) : e.getCause();
      }
    };
    return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, handler));
  }

  private KvException noted(KvException refusal) {
    refusals.merge(refusal.code(), 1, Integer::sum);
    return switch (refusal.code()) {
      case OUT_OF_LOCK_MEMORY, TOO_MANY_UNCOMMITTED_WRITES -> new KvException.Retryable(ErrorCode.LOCK_TIMEOUT, refusal.getMessage());
      default -> refusal;
    };
  }

  /** Waits until the store has ended a transaction that nobody uses. */
  private void awaitEnd(TransactionId id) {
    while (store.transactions().stream().anyMatch(each -> each.id().equals(id))) {
      // Fails if the store has failed, which ends nothing any more.
      store.begin(TransactionOptions.READ_ONLY).close();
      // Virtual threads that only yield to each other can keep away for ever those that come back from a monitor.
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    if (store.locks().holders().stream().anyMatch(each -> each.transaction().equals(id))) {
      throw new AssertionError("a transaction that has ended holds locks");
    }
  }

  /**
   * Checks that nobody who is gone has left anything behind.
   *
   * @throws AssertionError if there is a lock, somebody waits for one, or a transaction is open that may write
   */
  public void checkNothingIsLeft() {
    LockView locks = store.locks();
    List<TransactionView> open = store.transactions().stream().filter(each -> each.kind() != TransactionView.Kind.READ_ONLY).toList();
    if (!locks.holders().isEmpty() || !locks.waiters().isEmpty() || !open.isEmpty()) {
      throw new AssertionError("left behind: " + locks + ", " + open);
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
