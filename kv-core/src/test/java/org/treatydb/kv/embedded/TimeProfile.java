package org.treatydb.kv.embedded;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;

/**
 * Where the time goes: runs load, updates, reads and scans one after the other, and prints for each how much processor time an
 * operation takes and which of our methods most of it is in, by JFR's samples. Not a test; {@code
 * kv-core/docs/where-the-time-goes.md} says how to run it, and what came out.
 */
final class TimeProfile {

  private static final int ROWS = 500_000;
  private static final int ROWS_PER_COMMIT = 1000;
  private static final long PHASE_NANOS = 20_000_000_000L;
  private static final int LINES = 14;

  private final TemporaryStore place;

  private TimeProfile(Path directory) {
    this.place = new TemporaryStore(directory);
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory("treaty-profile");
    try {
      new TimeProfile(directory).run();
    } finally {
      DirectoryCopy.remove(directory);
    }
  }

  private interface Phase {
    /** Returns how many operations it did. */
    long run() throws Exception;
  }

  private void run() throws Exception {
    // The first load and the first reads are compiled as they run.
    load(new TemporaryStore(place.data.resolveSibling("warm-up")));
    measure("load, commits of 1,000 rows", () -> load(place));
    try (EmbeddedStore store = open(place)) {
      measure("cold reads", () -> repeat(1, () -> read(store)));
      repeat(1, () -> read(store));
      measure("warm reads", () -> repeat(1, () -> read(store)));
      measure("scans of 50 rows", () -> repeat(1, () -> scan(store)));
      repeat(64, () -> update(store));
      measure("updates, 64 threads", () -> repeat(64, () -> update(store)));
    }
  }

  private static EmbeddedStore open(TemporaryStore place) {
    return EmbeddedStore.open(place.data, place.options().withMemoryBytes(256 << 20));
  }

  private static byte[] key(long i) {
    return "key%013d".formatted(i).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] value(Random random) {
    byte[] value = new byte[100];
    random.nextBytes(value);
    return value;
  }

  private static long load(TemporaryStore into) {
    Random random = new Random(1);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    try (EmbeddedStore store = open(into)) {
      for (int from = 0; from < ROWS; from += ROWS_PER_COMMIT) {
        List<Integer> rows = order.subList(from, from + ROWS_PER_COMMIT);
        store.run(transaction -> {
          rows.forEach(i -> transaction.put(key(i), value(random)));
          return null;
        });
      }
    }
    return ROWS;
  }

  private static byte[] randomKey() {
    return key(ThreadLocalRandom.current().nextInt(ROWS));
  }

  private static void read(EmbeddedStore store) {
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY)) {
      transaction.get(randomKey());
    }
  }

  private static void scan(EmbeddedStore store) {
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY);
        KvCursor cursor = transaction.scan(new KeyRange(randomKey(), null))) {
      for (int i = 0; i < 50 && cursor.next(); i++) {
        cursor.key();
        cursor.value();
      }
    }
  }

  private static void update(EmbeddedStore store) {
    store.run(transaction -> {
      transaction.put(randomKey(), value(ThreadLocalRandom.current()));
      return null;
    });
  }

  private static long repeat(int threads, Runnable action) throws Exception {
    LongAdder done = new LongAdder();
    long end = System.nanoTime() + PHASE_NANOS;
    Callable<Void> loop = () -> {
      while (System.nanoTime() < end) {
        action.run();
        done.increment();
      }
      return null;
    };
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      for (Future<Void> each : workers.invokeAll(Collections.nCopies(threads, loop))) {
        each.get();
      }
    }
    return done.sum();
  }

  private static void measure(String name, Phase phase) throws Exception {
    Path file = Files.createTempFile("treaty", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
      recording.enable("jdk.NativeMethodSample").withPeriod(Duration.ofMillis(10));
      recording.start();
      long cpu = processCpuNanos();
      long start = System.nanoTime();
      long operations = phase.run();
      double wallNanos = System.nanoTime() - start;
      double cpuMicros = (processCpuNanos() - cpu) / 1e3;
      recording.dump(file);
      System.out.printf("%n%s: %,.0f/s, %.2f µs of processor time each%n", name, operations / (wallNanos / 1e9), cpuMicros / operations);
      print(file);
    } finally {
      Files.delete(file);
    }
  }

  private static long processCpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }

  /** Our methods by the share of samples in them or in what they call outside of our code. */
  private static void print(Path file) throws IOException {
    Map<String, Integer> samples = new TreeMap<>();
    int all = 0;
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        RecordedEvent event = events.readEvent();
        List<RecordedFrame> frames = event.getStackTrace() == null ? List.of() : event.getStackTrace().getFrames();
        List<String> names = frames.stream().map(TimeProfile::name).toList();
        boolean waitsInNative = event.getEventType().getName().equals("jdk.NativeMethodSample")
            && !names.isEmpty() && !names.getFirst().startsWith("org.rocksdb.");
        if (!names.isEmpty() && !waitsInNative) {
          all++;
          String ours = names.stream().filter(name -> name.startsWith("org.treatydb.")).findFirst().orElse("other threads");
          samples.merge(ours, 1, Integer::sum);
        }
      }
    }
    int total = all;
    samples.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(LINES)
        .forEach(each -> System.out.printf("  %4.1f %%  %s%n", 100.0 * each.getValue() / total, each.getKey()));
  }

  private static String name(RecordedFrame frame) {
    return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
  }
}
