package org.treatydb.sql.api;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells the work of a session that obeys it to stop: see {@link SqlSession#obey}. For one piece of work, cancelled once at most.
 * Thread-safe.
 */
public final class Cancellation {

  /** Is never cancelled. */
  public static final Cancellation NEVER = new Cancellation();

  static {
    NEVER.end();
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> stops = new ArrayList<>();
  private volatile String reason;
  private boolean ended;

  /**
   * Makes the work stop. No effect after the first time, and when the work is over.
   *
   * @param why a sentence for whoever waits for the work
   */
  public void cancel(String why) {
    lock.lock();
    try {
      if (!ended && reason == null) {
        reason = why;
        stops.forEach(Runnable::run);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Why the work is to stop; null if it is to go on. */
  public String reason() {
    return reason;
  }

  /** Has {@code stop} run, by whoever cancels, or at once if that has happened. It must not wait. */
  public void whenCancelled(Runnable stop) {
    lock.lock();
    try {
      if (reason != null) {
        stop.run();
      } else if (!ended) {
        stops.add(stop);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The work is over: after this nothing is run any more. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      stops.clear();
    } finally {
      lock.unlock();
    }
  }
}
