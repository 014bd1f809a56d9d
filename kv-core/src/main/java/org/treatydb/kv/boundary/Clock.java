package org.treatydb.kv.boundary;

/**
 * Time as the host tells it: good enough for timeouts and for the physical part of timestamps, never for safety.
 * Thread-safe.
 */
public interface Clock {

  /** Milliseconds since 1970-01-01 UTC. May jump. */
  long currentTimeMillis();

  /** A monotonic time in nanoseconds, from an arbitrary origin. */
  long nanoTime();

  /**
   * Parks the calling thread until it is unparked ({@link java.util.concurrent.locks.LockSupport#unpark}), is interrupted, or
   * {@link #nanoTime} reaches {@code deadlineNanos}; or for no reason at all, so that callers look again at what they wait for. A time that
   * has come already does not park.
   *
   * @param blocker what it waits at, for those who look at thread dumps
   */
  void parkUntil(Object blocker, long deadlineNanos);
}
