package org.treatydb.dist.enclave.cas;

import java.util.concurrent.atomic.AtomicLong;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.host.system.SystemClock;

/** The system's clock, some time ahead. */
final class ShiftedClock implements Clock {

  private final SystemClock system = new SystemClock();
  private final AtomicLong aheadNanos = new AtomicLong();

  void advance(long nanos) {
    aheadNanos.addAndGet(nanos);
  }

  @Override
  public long currentTimeMillis() {
    return system.currentTimeMillis() + aheadNanos.get() / 1_000_000;
  }

  @Override
  public long nanoTime() {
    return system.nanoTime() + aheadNanos.get();
  }

  @Override
  public void parkUntil(Object blocker, long deadlineNanos) {
    system.parkUntil(blocker, deadlineNanos - aheadNanos.get());
  }
}
