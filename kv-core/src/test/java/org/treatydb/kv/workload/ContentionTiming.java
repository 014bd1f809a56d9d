package org.treatydb.kv.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.history.Outcome;

/** Prints transfers a second on an in-memory store, for growing numbers of virtual threads, on uniform and on Zipfian (0.99) keys. */
public final class ContentionTiming {

  private static final int ACCOUNTS = 10_000;
  private static final long RUN_NANOS = TimeUnit.SECONDS.toNanos(3);

  private ContentionTiming() {}

  public static void main(String[] arguments) throws InterruptedException {
    for (double exponent : new double[] {0, 0.99}) {
      ZipfianKeys keys = new ZipfianKeys(ACCOUNTS, exponent);
      for (int threads : new int[] {8, 1, 8, 64, 128, 256}) {
        run(threads, keys, exponent == 0 ? "uniform" : "Zipfian");
      }
    }
  }

  private static void run(int threads, ZipfianKeys keys, String name) throws InterruptedException {
    LongAdder committed = new LongAdder();
    LongAdder aborted = new LongAdder();
    AtomicBoolean stop = new AtomicBoolean();
    try (KvStore store = EmbeddedStore.openInMemory()) {
      List<Thread> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Random random = new Random(i);
        workers.add(Thread.ofVirtual().start(() -> {
          while (!stop.get()) {
            Outcome outcome = Attempt.run(store, false, false, transaction -> {
              for (int step = 0; step < 2; step++) {
                byte[] key = Keys.of("account", keys.draw(random));
                byte[] balance = transaction.getForUpdate(key);
                Thread.yield();
                transaction.put(key, Keys.value(balance == null ? 1 : Keys.number(balance) + 1));
              }
            });
            (outcome == Outcome.COMMITTED ? committed : aborted).increment();
          }
        }));
      }
      long end = System.nanoTime() + RUN_NANOS;
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(1_000_000);
      }
      stop.set(true);
      for (Thread worker : workers) {
        worker.join();
      }
    }
    System.out.printf("%s, %d threads: %,d transfers/s, %,d refused/s%n", name, threads,
        TimeUnit.SECONDS.toNanos(committed.sum()) / RUN_NANOS, TimeUnit.SECONDS.toNanos(aborted.sum()) / RUN_NANOS);
  }
}
