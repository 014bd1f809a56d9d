package org.treatydb.kv.enclave.lock;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.treatydb.kv.boundary.Clock;

/**
 * A clock that stands still until it is told to go on. Who waits for it looks again after a moment all the same: it may be the one who
 * tells the clock, and wait for something else.
 */
public final class ManualClock implements Clock {

  private static final long PARKED_NANOS_MAX = 1_000_000;

  private final AtomicLong nowNanos = new AtomicLong();
  private final Set<Thread> parked = ConcurrentHashMap.newKeySet();

  public void advance(long nanos) {
    nowNanos.addAndGet(nanos);
    parked.forEach(LockSupport::unpark);
  }

  @Override
  public long currentTimeMillis() {
    return nowNanos.get() / 1_000_000;
  }

  @Override
  public long nanoTime() {
    return nowNanos.get();
  }

  @Override
  public void parkUntil(Object blocker, long deadlineNanos) {
    parked.add(Thread.currentThread());
    if (nanoTime() < deadlineNanos) {
      LockSupport.parkNanos(blocker, PARKED_NANOS_MAX);
    }
    parked.remove(Thread.currentThread());
  }
}
