package org.treatydb.jdbc.meta;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.treatydb.sql.api.Cancellation;

/** Cancels what takes too long. Thread-safe; has a thread from the first time on that something has a limit. */
final class StatementTimer implements AutoCloseable {

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("treaty-statement-timer").factory());

  StatementTimer() {
    executor.setRemoveOnCancelPolicy(true);
  }

  /** A limit that is waited for. */
  interface Limit extends AutoCloseable {

    Limit NONE = () -> { };

    /** Waits for it no longer. */
    @Override
    void close();
  }

  /** Cancels {@code work} if that lasts longer than {@code millis} and the limit is not closed before; 0 is no limit. */
  Limit start(long millis, Cancellation work) {
    if (millis <= 0 || executor.isShutdown()) {
      return Limit.NONE;
    }
    Future<?> alarm = executor.schedule(
        () -> work.cancel("The statement took longer than the " + millis + " ms that it may, and was cancelled."), millis,
        TimeUnit.MILLISECONDS);
    return () -> alarm.cancel(false);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
