package org.treatydb.dist.simulation;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/** Runs of many seeds, some at a time, and a summary. */
final class ManySeeds {

  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final double SECONDS_PER_HOUR = 3600;

  private final long first;
  private final long runsMax;
  private final long deadlineNanos;
  private final boolean keepGoing;
  private final LongFunction<Plan> plans;
  private final PrintStream out;
  private final long begunNanos = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private final FaultCounts hit = new FaultCounts();
  private final FaultCounts runsHit = new FaultCounts();
  private final List<Simulation.Result> failed = new ArrayList<>();
  private long begun;
  private long ended;
  private long transactions;
  private long saidNanos = begunNanos;
  private boolean stopped;

  /**
   * Runs to come.
   *
   * @param deadlineNanos when no further run begins, as {@link System#nanoTime} tells
   * @param plans the run of a seed
   * @param out null if nobody reads
   */
  ManySeeds(long first, long runsMax, long deadlineNanos, boolean keepGoing, LongFunction<Plan> plans, PrintStream out) {
    this.plans = plans;
    this.first = first;
    this.runsMax = runsMax;
    this.deadlineNanos = deadlineNanos;
    this.keepGoing = keepGoing;
    this.out = out;
  }

  /** Whether all was as it must be. */
  boolean run(int threads) throws InterruptedException {
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread worker = Thread.ofPlatform().name("simulation-" + i).start(this::work);
      workers.add(worker);
    }
    for (Thread each : workers) {
      each.join();
    }
    return failed.isEmpty();
  }

  List<Simulation.Result> failed() {
    return failed;
  }

  private void work() {
    for (long seed = next(); seed >= 0; seed = next()) {
      note(Simulation.run(plans.apply(seed)));
    }
  }

  private long next() {
    lock.lock();
    try {
      boolean over = stopped || begun >= runsMax || System.nanoTime() - deadlineNanos >= 0 || !failed.isEmpty() && !keepGoing;
      return over ? -1 : first + begun++;
    } finally {
      lock.unlock();
    }
  }

  private void note(Simulation.Result result) {
    lock.lock();
    try {
      ended++;
      transactions += result.transactions();
      hit.addAll(result.faults());
      for (Fault each : Fault.values()) {
        if (result.faults().of(each) > 0) {
          runsHit.hit(each);
        }
      }
      if (result.violation() != null) {
        failed.add(result);
        say(result.describe());
      }
      if (System.nanoTime() - saidNanos > PROGRESS_NANOS) {
        saidNanos = System.nanoTime();
        say(progress());
      }
    } finally {
      lock.unlock();
    }
  }

  private void say(String text) {
    if (out != null) {
      out.println(text);
    }
  }

  private String progress() {
    double seconds = (System.nanoTime() - begunNanos) / 1e9;
    return String.format(Locale.ROOT, "%d runs from seed %d, %d failed, %d transactions, %.0f s, %.0f runs an hour",
        ended, first, failed.size(), transactions, seconds, ended / seconds * SECONDS_PER_HOUR);
  }

  void summarize() {
    lock.lock();
    try {
      stopped = true;
      say(progress());
      for (Fault each : Fault.values()) {
        say(String.format(Locale.ROOT, "  %-20s %8d times, in %4.1f %% of the runs", each, hit.of(each), 100.0 * runsHit.of(each) / ended));
      }
      failed.forEach(each -> say("failed: " + each.replayCommand()));
    } finally {
      lock.unlock();
    }
  }
}
