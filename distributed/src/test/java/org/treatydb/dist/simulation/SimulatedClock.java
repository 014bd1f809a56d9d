package org.treatydb.dist.simulation;

import org.treatydb.kv.boundary.Clock;

/** A host's clock: the simulation's time, but for what it is wrong by. Looking at it may let other threads go first. */
final class SimulatedClock implements Clock {

  private static final long BEGINNING_MILLIS = 1_790_000_000_000L;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Scheduler scheduler;
  private long wrongByMillis;

  SimulatedClock(Scheduler scheduler, long wrongByMillis) {
    this.scheduler = scheduler;
    this.wrongByMillis = wrongByMillis;
  }

  void jump(long millis) {
    wrongByMillis += millis;
  }

  @Override
  public long currentTimeMillis() {
    return BEGINNING_MILLIS + wrongByMillis + scheduler.nowNanos() / NANOS_PER_MILLI;
  }

  @Override
  public long nanoTime() {
    scheduler.letOthersGo();
    return scheduler.nowNanos();
  }

  @Override
  public void parkUntil(Object blocker, long deadlineNanos) {
    scheduler.parkUntil(blocker, deadlineNanos);
  }
}
