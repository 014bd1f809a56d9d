package org.treatydb.dist.simulation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;

/** A process of the simulated world: its threads run, pause, and end together. */
final class SimulatedProcess {

  /** Whether its threads run. */
  enum State { RUNNING, PAUSED, DEAD }

  private final Scheduler scheduler;
  private final String name;
  private final Set<Runnable> whenDead = new LinkedHashSet<>();
  /** Threads that could run if it were not paused. */
  final List<SimulatedThread> held = new ArrayList<>();
  State state = State.RUNNING;
  /** Whoever may run waits up to so long for it. */
  long slownessNanosMax;

  SimulatedProcess(Scheduler scheduler, String name) {
    this.scheduler = scheduler;
    this.name = name;
  }

  String name() {
    return name;
  }

  boolean isDead() {
    return state == State.DEAD;
  }

  ThreadFactory threads() {
    return body -> new SimulatedThread(scheduler, this, body).thread();
  }

  void start(Runnable body) {
    threads().newThread(body).start();
  }

  /** {@code then} runs when it dies. */
  void whenDead(Runnable then) {
    whenDead.add(then);
  }

  /** {@code then} does not run any more when it dies. */
  void forget(Runnable then) {
    whenDead.remove(then);
  }

  /** None of its threads goes on, ever: as if by SIGKILL, each stops where it waits. */
  void kill() {
    if (state != State.DEAD) {
      state = State.DEAD;
      held.clear();
      scheduler.forget(this);
      List.copyOf(whenDead).forEach(Runnable::run);
      whenDead.clear();
    }
  }

  void pause() {
    if (state == State.RUNNING) {
      state = State.PAUSED;
    }
  }

  void resume() {
    if (state == State.PAUSED) {
      state = State.RUNNING;
      List<SimulatedThread> runnable = List.copyOf(held);
      held.clear();
      runnable.forEach(scheduler::ready);
    }
  }
}
