package org.treatydb.kv.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;

/** Threads that run a workload's transactions on one opening of a store, until a number of them is done or the store fails. */
public final class Workers {

  private final AtomicInteger left;
  private final CountDownLatch middle;
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * Starts them.
   *
   * @param storeMayFail whether a store that fails ends the work, as it must when its disk is taken away
   */
  public Workers(
      Thread.Builder builder, int count, Workload workload, KvStore store, Random random, int transactions, boolean storeMayFail) {
    this.left = new AtomicInteger(transactions);
    this.middle = new CountDownLatch(transactions - transactions / 5);
    for (int i = 0; i < count; i++) {
      int process = i;
      Random mine = new Random(random.nextLong());
      threads.add(builder.start(() -> {
        try {
          while (left.getAndDecrement() > 0) {
            workload.step(store, process, mine);
            middle.countDown();
          }
        } catch (KvException.Unavailable e) {
          end(storeMayFail ? null : e);
        } catch (RuntimeException | Error e) {
          end(e);
        }
      }));
    }
  }

  private void end(Throwable failure) {
    if (failure != null) {
      failures.add(failure);
    }
    left.set(0);
  }

  /** Waits until most transactions are done. */
  void awaitMiddle() throws InterruptedException {
    while (left.get() > 0 && !middle.await(1, TimeUnit.MILLISECONDS)) {
      Thread.onSpinWait();
    }
  }

  /**
   * Waits for the end.
   *
   * @throws AssertionError if a transaction failed as none should
   */
  public void await() {
    boolean interrupted = false;
    for (Thread each : threads) {
      while (each.isAlive()) {
        try {
          each.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!failures.isEmpty()) {
      throw new AssertionError("a transaction failed: " + failures.peek(), failures.peek());
    }
  }
}
