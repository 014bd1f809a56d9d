package org.treatydb.kv.enclave.log;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Those who wait for a log to get on, each woken only when there is something for him: to wake all of them for each step costs more
 * than the step. Every method is called with the log's lock held, but for {@link Waiter#await} and {@link Waiter#wake}: hundreds who
 * are woken together shall not queue for that lock, in front of those who append.
 */
final class LogWaiters {

  /** Longest waiting first. */
  private final Set<Waiter> waiting = new LinkedHashSet<>();
  /** Taken out of {@link #waiting}, and still to be woken. */
  private ArrayDeque<Waiter> woken = new ArrayDeque<>();

  /** A thread that waits, or is about to. */
  static final class Waiter {

    private final long counterValue;
    private final boolean forRoom;
    private final Thread thread = Thread.currentThread();
    private volatile boolean awake;

    private Waiter(long counterValue, boolean forRoom) {
      this.counterValue = counterValue;
      this.forRoom = forRoom;
    }

    /** Returns when it has been woken. To be called by the thread that made it, without the log's lock. */
    void await() {
      boolean interrupted = false;
      while (!awake) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        thread.interrupt();
      }
    }

    void wake() {
      awake = true;
      LockSupport.unpark(thread);
    }
  }

  /** {@code counterValue}: the record that the caller waits for. {@code forRoom}: he waits until less is unstable. */
  Waiter add(long counterValue, boolean forRoom) {
    Waiter waiter = new Waiter(counterValue, forRoom);
    waiting.add(waiter);
    return waiter;
  }

  /** Those to be woken, once the log's lock is free: who has work to do first. */
  Collection<Waiter> takeWoken() {
    if (woken.isEmpty()) {
      return List.of();
    }
    Collection<Waiter> taken = woken;
    woken = new ArrayDeque<>();
    return taken;
  }

  /** Wakes those whose records are stable, up to that one, and those who wait for room. */
  void wakeUpTo(long stable) {
    wakeIf(waiter -> waiter.counterValue <= stable || waiter.forRoom);
  }

  /** Wakes one who waits for a record behind that one, to do what is to be done for it. */
  void wakeOneBehind(long counterValue) {
    Iterator<Waiter> each = waiting.iterator();
    while (each.hasNext()) {
      Waiter next = each.next();
      if (next.counterValue > counterValue) {
        each.remove();
        woken.addFirst(next);
        return;
      }
    }
  }

  void wakeAll() {
    wakeIf(waiter -> true);
  }

  private void wakeIf(Predicate<Waiter> which) {
    Iterator<Waiter> each = waiting.iterator();
    while (each.hasNext()) {
      Waiter next = each.next();
      if (which.test(next)) {
        each.remove();
        woken.addLast(next);
      }
    }
  }
}
