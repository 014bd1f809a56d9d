package org.treatydb.kv.enclave.lock;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.LockLimits;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.workload.ZipfianKeys;

/**
 * Prints what the lock table alone does: transactions a second that lock four keys each exclusively with a yield after each, the processor
 * time of each, and how many were refused; uniform and Zipfian (0.99) keys, growing numbers of virtual threads.
 */
public final class LockTiming {

  private static final int KEYS = 10_000;
  private static final int KEYS_A_TRANSACTION = 4;
  private static final long RUN_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

  private LockTiming() {}

  public static void main(String[] arguments) throws InterruptedException {
    for (double exponent : new double[] {0, 0.99}) {
      ZipfianKeys keys = new ZipfianKeys(KEYS, exponent);
      for (int threads : new int[] {8, 8, 64, 256}) {
        run(threads, keys, exponent);
      }
    }
  }

  private static void run(int threads, ZipfianKeys keys, double exponent) throws InterruptedException {
    LockTable table = new LockTable(new SystemClock(), LockLimits.DEFAULT);
    AtomicLong ages = new AtomicLong();
    LongAdder done = new LongAdder();
    LongAdder refused = new LongAdder();
    AtomicBoolean stop = new AtomicBoolean();
    long processorNanos = processorNanos();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Random random = new Random(i);
      workers.add(Thread.ofVirtual().start(() -> {
        while (!stop.get()) {
          LockOwner owner = Owners.aged(ages.incrementAndGet());
          try {
            for (int step = 0; step < KEYS_A_TRANSACTION; step++) {
              int key = keys.draw(random);
              table.lockKey(owner, new byte[] {(byte) (key >> 8), (byte) key}, LockMode.EXCLUSIVE, Long.MAX_VALUE);
              Thread.yield();
            }
            done.increment();
          } catch (KvException.Retryable e) {
            refused.increment();
          } finally {
            table.releaseAll(owner);
          }
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
    System.out.printf("exponent %.2f, %3d threads: %,9d transactions/s, %5.1f µs of processor each, %,7d refused/s%n", exponent, threads,
        TimeUnit.SECONDS.toNanos(done.sum()) / RUN_NANOS, (processorNanos() - processorNanos) / 1e3 / done.sum(),
        TimeUnit.SECONDS.toNanos(refused.sum()) / RUN_NANOS);
  }

  private static long processorNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }
}
