package org.treatydb.dist.cluster;

import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.host.system.SystemClock;

/** A host's clock that goes ahead of the others'. */
record SkewedClock(Clock clock, long aheadMillis) implements Clock {

  SkewedClock(long aheadMillis) {
    this(new SystemClock(), aheadMillis);
  }

  @Override
  public long currentTimeMillis() {
    return clock.currentTimeMillis() + aheadMillis;
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public void parkUntil(Object blocker, long deadlineNanos) {
    clock.parkUntil(blocker, deadlineNanos);
  }
}
