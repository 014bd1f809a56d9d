package org.treatydb.kv.host.system;

import java.util.concurrent.locks.LockSupport;
import org.treatydb.kv.boundary.Clock;

/** The machine's clocks. */
public final class SystemClock implements Clock {

  @Override
  public long currentTimeMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void parkUntil(Object blocker, long deadlineNanos) {
    LockSupport.parkNanos(blocker, deadlineNanos - System.nanoTime());
  }
}
