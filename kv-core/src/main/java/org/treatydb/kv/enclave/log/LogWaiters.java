package org.treatydb.kv.enclave.log;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Those who wait for a log to get on, each woken only when there is something for him: to wake all of them for each step costs more
 * than the step. Every method is called with the log's lock held.
 */
final class LogWaiters {

  /** {@code counterValue}: the record that he waits for. {@code forRoom}: he waits until less is unstable. */
  private record Waiter(long counterValue, boolean forRoom, Condition woken) {}

  private final ReentrantLock lock;
  /** Longest waiting first. */
  private final Set<Waiter> waiting = new LinkedHashSet<>();

  LogWaiters(ReentrantLock lock) {
    this.lock = lock;
  }

  /** Returns when somebody has woken the caller, or without a reason. */
  void await(long counterValue, boolean forRoom) {
    Waiter self = new Waiter(counterValue, forRoom, lock.newCondition());
    waiting.add(self);
    self.woken.awaitUninterruptibly();
    waiting.remove(self);
  }

  private void wake(Predicate<Waiter> which, int countMax) {
    int count = 0;
    Iterator<Waiter> each = waiting.iterator();
    while (count < countMax && each.hasNext()) {
      Waiter next = each.next();
      if (which.test(next)) {
        each.remove();
        next.woken.signal();
        count++;
      }
    }
  }

  /** Wakes those whose records are stable, up to that one, and those who wait for room. */
  void wakeUpTo(long stable) {
    wake(waiter -> waiter.counterValue <= stable || waiter.forRoom, Integer.MAX_VALUE);
  }

  /** Wakes one who waits for a record behind that one, to do what is to be done for it. */
  void wakeOneBehind(long counterValue) {
    wake(waiter -> waiter.counterValue > counterValue, 1);
  }

  void wakeAll() {
    wake(waiter -> true, Integer.MAX_VALUE);
  }
}
