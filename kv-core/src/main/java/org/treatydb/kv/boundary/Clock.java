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
}
