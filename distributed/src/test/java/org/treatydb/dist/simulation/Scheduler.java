package org.treatydb.dist.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Runs the threads of a simulated world one at a time, on the thread that calls {@link #runUntil}; the seed chooses who is next. A thread
 * runs until it waits. Each step takes some simulated time; when nobody can run, time jumps to the next timer. Used by one thread and
 * those it runs.
 */
final class Scheduler {

  private static final int STEP_NANOS_MAX = 20_000;
  /** One in so many threads that look at the clock lets others go first. */
  private static final int PREEMPTION = 24;

  private record Timer(long atNanos, long number, Runnable action) {}

  private final Random random;
  private final Trace trace;
  private final Thread owner = Thread.currentThread();
  private final List<SimulatedThread> ready = new ArrayList<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::atNanos).thenComparingLong(Timer::number));
  /** Threads that met a Java monitor which another run of the simulator, on another thread, held for a moment. */
  private final ConcurrentLinkedQueue<SimulatedThread> unblocked = new ConcurrentLinkedQueue<>();
  private final List<String> failures = new ArrayList<>();
  private long nowNanos;
  private long threads;
  private long timersMade;
  private long steps;
  private SimulatedThread running;

  Scheduler(Random random, Trace trace) {
    this.random = random;
    this.trace = trace;
  }

  long nowNanos() {
    return nowNanos;
  }

  long steps() {
    return steps;
  }

  /** What threads have died of, and what must not be. */
  List<String> failures() {
    return failures;
  }

  long nextThreadNumber() {
    return ++threads;
  }

  void failed(SimulatedThread thread, Throwable failure) {
    failures.add("a thread of " + thread.process().name() + " has died: " + Failures.describe(failure));
  }

  /** Something has happened that must not. */
  void violated(String what) {
    failures.add(what);
  }

  /** {@code action} runs on the scheduler's thread at that time. */
  void at(long atNanos, Runnable action) {
    timers.add(new Timer(Math.max(atNanos, nowNanos), ++timersMade, action));
  }

  void after(long nanos, Runnable action) {
    at(nowNanos + nanos, action);
  }

  /** The JDK says that a thread can run. */
  void runnable(SimulatedThread thread) {
    Thread caller = Thread.currentThread();
    if (caller != owner && (running == null || caller != running.thread())) {
      unblocked.add(thread);
      return;
    }
    long slowness = thread.process().slownessNanosMax;
    if (slowness > 0) {
      after(random.nextLong(slowness), () -> ready(thread));
    } else {
      ready(thread);
    }
  }

  void ready(SimulatedThread thread) {
    switch (thread.process().state) {
      case RUNNING -> ready.add(thread);
      case PAUSED -> thread.process().held.add(thread);
      case DEAD -> { }
    }
  }

  /** The process is dead. */
  void forget(SimulatedProcess process) {
    ready.removeIf(thread -> thread.process() == process);
  }

  /** Parks the calling thread, one of the simulated, until it is unparked or the time has come. */
  void parkUntil(Object blocker, long atNanos) {
    if (atNanos <= nowNanos) {
      return;
    }
    Thread parked = Thread.currentThread();
    if (atNanos < Long.MAX_VALUE) {
      boolean[] over = {false};
      at(atNanos, () -> {
        if (!over[0]) {
          LockSupport.unpark(parked);
        }
      });
      LockSupport.park(blocker);
      over[0] = true;
    } else {
      LockSupport.park(blocker);
    }
  }

  /** Lets time pass for the calling thread, one of the simulated. */
  void sleep(long nanos) {
    long end = nowNanos + nanos;
    while (nowNanos < end) {
      parkUntil(this, end);
    }
  }

  /** A moment at which another thread might go first. */
  void letOthersGo() {
    if (running != null && Thread.currentThread() == running.thread() && random.nextInt(PREEMPTION) == 0) {
      Thread.yield();
    }
  }

  /** Runs until the condition holds; false if the time came before, or nothing is left to happen, or something has failed. */
  boolean runUntil(long endNanos, BooleanSupplier condition) {
    while (failures.isEmpty() && nowNanos < endNanos) {
      if (condition.getAsBoolean()) {
        return true;
      }
      if (!step()) {
        return false;
      }
    }
    return failures.isEmpty() && condition.getAsBoolean();
  }

  private boolean step() {
    if (ready.isEmpty()) {
      Timer next = timers.poll();
      if (next == null) {
        return false;
      }
      nowNanos = Math.max(nowNanos, next.atNanos);
      next.action.run();
    }
    while (!timers.isEmpty() && timers.peek().atNanos <= nowNanos) {
      timers.poll().action.run();
    }
    if (!ready.isEmpty()) {
      run(take());
    }
    return true;
  }

  private SimulatedThread take() {
    int chosen = random.nextInt(ready.size());
    SimulatedThread last = ready.removeLast();
    return chosen == ready.size() ? last : ready.set(chosen, last);
  }

  private void run(SimulatedThread thread) {
    nowNanos += 1 + random.nextInt(STEP_NANOS_MAX);
    steps++;
    trace.mix(thread.number());
    trace.mix(nowNanos);
    running = thread;
    try {
      thread.step();
      while (thread.thread().getState() == Thread.State.BLOCKED) {
        awaitUnblocked(thread);
        thread.step();
      }
    } finally {
      running = null;
    }
  }

  /** It waits for a monitor of another run, which will be free in a moment: nobody of this run goes on before. */
  private void awaitUnblocked(SimulatedThread thread) {
    SimulatedThread next = unblocked.poll();
    while (next == null) {
      Thread.onSpinWait();
      next = unblocked.poll();
    }
    if (next != thread) {
      throw new IllegalStateException("a thread was woken from outside the simulation");
    }
  }
}
