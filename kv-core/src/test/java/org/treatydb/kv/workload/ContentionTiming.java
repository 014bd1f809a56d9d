package org.treatydb.kv.workload;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.history.Outcome;

/**
 * Prints transactions a second, the processor time of each, and how many were refused, for growing numbers of virtual threads, on uniform
 * and on Zipfian (0.99) keys. A transaction reads some keys for update, one after the other, yields, and writes each. Arguments: how many
 * keys (2), and a directory for a durable store of each run (none: in memory).
 */
public final class ContentionTiming {

  private static final int ACCOUNTS = 10_000;
  private static final long RUN_NANOS = TimeUnit.SECONDS.toNanos(3);

  private ContentionTiming() {}

  public static void main(String[] arguments) throws InterruptedException, IOException {
    int keysEach = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2;
    for (double exponent : new double[] {0, 0.99}) {
      ZipfianKeys keys = new ZipfianKeys(ACCOUNTS, exponent);
      for (int threads : new int[] {8, 1, 8, 64, 128, 256}) {
        String name = (exponent == 0 ? "uniform, " : "Zipfian, ") + threads + " threads";
        try (KvStore store = arguments.length > 1 ? durable(Path.of(arguments[1])) : EmbeddedStore.openInMemory()) {
          run(store, threads, keys, keysEach, name);
        }
      }
    }
  }

  private static KvStore durable(Path directory) throws IOException {
    Path root = Files.createTempDirectory(Files.createDirectories(directory), "contention");
    Path key = Files.writeString(root.resolve("key"), "0f".repeat(32));
    return EmbeddedStore.open(
        root.resolve("data"), EmbeddedStoreOptions.defaults().withKeyFile(key).withCounterDirectory(root.resolve("counters")));
  }

  private static void run(KvStore store, int threads, ZipfianKeys keys, int keysEach, String name) throws InterruptedException {
    LongAdder committed = new LongAdder();
    LongAdder aborted = new LongAdder();
    AtomicBoolean stop = new AtomicBoolean();
    long processorNanos = processorNanos();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Random random = new Random(i);
      workers.add(Thread.ofVirtual().start(() -> {
        while (!stop.get()) {
          Outcome outcome = Attempt.run(store, false, false, transaction -> {
            for (int step = 0; step < keysEach; step++) {
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
    System.out.printf("%s: %,d transactions/s, %.1f µs of processor each, %,d refused/s%n", name,
        TimeUnit.SECONDS.toNanos(committed.sum()) / RUN_NANOS, (processorNanos() - processorNanos) / 1e3 / committed.sum(),
        TimeUnit.SECONDS.toNanos(aborted.sum()) / RUN_NANOS);
  }

  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }
}
