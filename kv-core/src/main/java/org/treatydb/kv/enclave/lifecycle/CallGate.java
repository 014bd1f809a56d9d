package org.treatydb.kv.enclave.lifecycle;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets one caller at a time into a transaction, and none any more once it has ended: the owner's calls go through it, and whoever ends
 * the transaction from outside. What one has done inside, the next one sees. Thread-safe.
 */
final class CallGate {

  private static final long CLOSED = -1;

  /** Even: nobody is inside; odd: somebody is. Grows with each who goes in or out. */
  private final AtomicLong passages = new AtomicLong();

  /** Goes in; false if somebody is inside, or it is closed. */
  boolean tryEnter() {
    long seen = passages.get();
    return (seen & 1) == 0 && passages.compareAndSet(seen, seen + 1);
  }

  /**
   * Goes out; no effect if it was closed from inside. What the caller reads afterwards, it reads after it has gone out: so of one who
   * goes out and then looks for a wish, and one who leaves a wish and then tries to come in, at least one has success.
   */
  void leave() {
    long seen = passages.getPlain();
    if (seen != CLOSED) {
      passages.set(seen + 1);
    }
  }

  /** To be called from inside: nobody comes in any more. */
  void close() {
    passages.setRelease(CLOSED);
  }

  boolean isClosed() {
    return passages.get() == CLOSED;
  }

  /** Changes when somebody goes in or out. */
  long passages() {
    return passages.get();
  }

  /** Whether somebody is inside. */
  boolean isBusy() {
    long seen = passages.get();
    return seen != CLOSED && (seen & 1) == 1;
  }
}
