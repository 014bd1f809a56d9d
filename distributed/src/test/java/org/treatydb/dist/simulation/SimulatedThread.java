package org.treatydb.dist.simulation;

import java.lang.reflect.Constructor;
import java.util.concurrent.Executor;

/**
 * A virtual thread, and the executor the JDK hands it to whenever it can run. Each has an executor of its own, so that one knows whom it
 * runs.
 */
final class SimulatedThread implements Executor {

  private static final Constructor<?> BUILDER = builder();

  private final Scheduler scheduler;
  private final SimulatedProcess process;
  private final Thread thread;
  private final long number;
  private Runnable continuation;

  SimulatedThread(Scheduler scheduler, SimulatedProcess process, Runnable body) {
    this.scheduler = scheduler;
    this.process = process;
    this.number = scheduler.nextThreadNumber();
    try {
      Thread.Builder.OfVirtual made = (Thread.Builder.OfVirtual) BUILDER.newInstance(this);
      this.thread = made.name(process.name() + "-" + number).inheritInheritableThreadLocals(false)
          .uncaughtExceptionHandler((_, failure) -> scheduler.failed(this, failure)).unstarted(body);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("start the JVM with --add-opens java.base/java.lang=ALL-UNNAMED", e);
    }
  }

  private static Constructor<?> builder() {
    try {
      Constructor<?> found = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder").getDeclaredConstructor(Executor.class);
      found.setAccessible(true);
      return found;
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException("a JDK 25 with --add-opens java.base/java.lang=ALL-UNNAMED is needed", e);
    }
  }

  Thread thread() {
    return thread;
  }

  SimulatedProcess process() {
    return process;
  }

  long number() {
    return number;
  }

  /** The thread can run. */
  @Override
  public void execute(Runnable step) {
    continuation = step;
    scheduler.runnable(this);
  }

  /** Lets the thread run until it waits. */
  void step() {
    continuation.run();
  }
}
