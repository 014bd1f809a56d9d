package org.treatydb.kv.enclave.lifecycle;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.enclave.store.Health;

/**
 * The transactions that have begun and not ended. While there are any, a thread looks at them about once a second, more often if
 * timeouts are short, and ends those whose time is up. Thread-safe.
 */
public final class OpenTransactions {

  private static final long PAUSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);
  private static final long PAUSE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int LOOKS_PER_TIMEOUT = 4;

  private final Clock clock;
  private final ThreadFactory threads;
  private final Health health;
  private final Set<AbstractTransaction> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean watched = new AtomicBoolean();
  private volatile Thread watcher;
  private volatile long pauseNanos = PAUSE_NANOS_MAX;
  private volatile boolean closing;

  public OpenTransactions(Clock clock, ThreadFactory threads, Health health) {
    this.clock = clock;
    this.threads = threads;
    this.health = health;
  }

  /** None, looked after in the same way. */
  public OpenTransactions another() {
    return new OpenTransactions(clock, threads, health);
  }

  /** Adds a transaction that begins; ends it if the store is closing. */
  public void add(AbstractTransaction transaction) {
    open.add(transaction);
    if (closing) {
      transaction.end(ErrorCode.STORE_CLOSING);
      throw new KvException.Closed(ErrorCode.STORE_CLOSING, "the store is closing");
    }
    watch();
    if (pauseNanos > pauseFor(transaction)) {
      pauseNanos = pauseFor(transaction);
      LockSupport.unpark(watcher);
    }
  }

  void remove(AbstractTransaction transaction) {
    open.remove(transaction);
  }

  /** Ends all there are, and those that come. */
  public void close() {
    closing = true;
    open.forEach(transaction -> transaction.end(ErrorCode.STORE_CLOSING));
    LockSupport.unpark(watcher);
  }

  /** The oldest first. */
  public List<TransactionView> view() {
    long now = clock.nanoTime();
    return open.stream().map(transaction -> transaction.view(now))
        .sorted(Comparator.comparing(TransactionView::age).reversed().thenComparingLong(view -> view.id().sequence())).toList();
  }

  private void watch() {
    if (!watched.get() && watched.compareAndSet(false, true)) {
      watcher = threads.newThread(this::run);
      watcher.start();
    }
  }

  private static long pauseFor(AbstractTransaction transaction) {
    return Math.clamp(transaction.timeoutNanosMin() / LOOKS_PER_TIMEOUT, PAUSE_NANOS_MIN, PAUSE_NANOS_MAX);
  }

  /** Ends when there is nothing to look after; who begins a transaction starts it anew. */
  private void run() {
    while (!open.isEmpty() && !closing && !health.hasFailed()) {
      long now = clock.nanoTime();
      long pause = PAUSE_NANOS_MAX;
      for (AbstractTransaction each : open) {
        each.expire(now);
        pause = Math.min(pause, pauseFor(each));
      }
      pauseNanos = pause;
      clock.parkUntil(this, now + pause);
    }
    watched.set(false);
    if (!open.isEmpty() && !closing && !health.hasFailed()) {
      watch();
    }
  }
}
