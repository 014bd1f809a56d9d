package org.treatydb.kv.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.treatydb.kv.api.KvStore;

/**
 * Runs a workload on a store that is opened {@code boots} times. All boots but the last are closed while the work goes on.
 *
 * @param threads virtual threads that work at a time
 * @param transactions transactions of all boots together
 */
public record WorkloadRun(Workload.Kind kind, long seed, int threads, int transactions, int boots) {

  /**
   * Runs it, and checks what was seen.
   *
   * @throws AssertionError if it cannot be, or a transaction failed as none should; with the seed
   */
  public void on(Supplier<? extends KvStore> opener) {
    Workload workload = kind.create();
    try {
      for (int boot = 1; boot <= boots; boot++) {
        try (KvStore store = opener.get()) {
          workload.prepare(store);
          work(store, workload, new Random(seed * 31 + boot), boot < boots);
          if (boot == boots) {
            workload.check(store);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(this + ": " + e.getMessage(), e);
    }
  }

  private void work(KvStore store, Workload workload, Random random, boolean closeInTheMiddle) throws InterruptedException {
    int share = Math.max(1, transactions / boots);
    AtomicInteger left = new AtomicInteger(share);
    CountDownLatch middle = new CountDownLatch(share - share / 5);
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int process = i;
      Random mine = new Random(random.nextLong());
      workers.add(Thread.ofVirtual().start(() -> {
        try {
          while (left.getAndDecrement() > 0) {
            workload.step(store, process, mine);
            middle.countDown();
          }
        } catch (RuntimeException | Error e) {
          failures.add(e);
          left.set(0);
        }
      }));
    }
    if (closeInTheMiddle) {
      while (left.get() > 0 && !middle.await(1, TimeUnit.MILLISECONDS)) {
        Thread.onSpinWait();
      }
      store.close();
    }
    for (Thread worker : workers) {
      worker.join();
    }
    if (!failures.isEmpty()) {
      throw new AssertionError("a transaction failed: " + failures.peek(), failures.peek());
    }
  }
}
