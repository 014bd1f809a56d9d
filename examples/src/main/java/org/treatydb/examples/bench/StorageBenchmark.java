package org.treatydb.examples.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Treaty's engine against plain RocksDB, same data, same machine, same run: load, durable updates, point reads, scans,
 * space. Both sides are measured in alternating rounds; figures are medians, ratios are Treaty / RocksDB (above 1 is
 * better for Treaty, except for space).
 */
final class StorageBenchmark {

  private static final int ROWS_PER_LOAD_COMMIT = 1000;
  private static final int SHORT_SCAN_ROWS = 50;

  private final Path directory;
  private final Report report;
  private final int rows;
  private final int rounds;
  private final long roundNanos;

  StorageBenchmark(Path directory, boolean quick, Report report) {
    this.directory = directory;
    this.report = report;
    this.rows = quick ? 200_000 : 2_000_000;
    this.rounds = quick ? 3 : 5;
    this.roundNanos = quick ? 700_000_000L : 4_000_000_000L;
  }

  private interface Action {
    void run(EngineUnderTest engine);
  }

  void run() throws Exception {
    report.title("storage: %,d rows of 116 bytes, %d rounds".formatted(rows, rounds));
    Path ours = directory.resolve("treaty");
    Path theirs = directory.resolve("rocksdb");
    EngineUnderTest.Opener openOurs = () -> EngineUnderTest.treaty(ours);
    EngineUnderTest.Opener openTheirs = () -> EngineUnderTest.rocksDb(theirs);
    report.compare("load", new double[] {load(openOurs)}, new double[] {load(openTheirs)}, "rows/s");
    report.figure("space_treaty", bytes(ours) / 1e6, "MB");
    report.figure("space_rocksdb", bytes(theirs) / 1e6, "MB");
    report.figure("space_ratio", (double) bytes(ours) / bytes(theirs), "x");
    report.compare("cold_get", new double[] {cold(openOurs)}, new double[] {cold(openTheirs)}, "1/s");
    try (EngineUnderTest treaty = openOurs.open(); EngineUnderTest rocksDb = openTheirs.open()) {
      compare("get_1_thread", treaty, rocksDb, 1, this::get);
      compare("get_8_threads", treaty, rocksDb, 8, this::get);
      compare("short_scan", treaty, rocksDb, 1, engine -> engine.scan(randomKey(), SHORT_SCAN_ROWS));
      compareFullScan(treaty, rocksDb);
      for (int threads : new int[] {1, 8, 64}) {
        compare("update_" + threads + "_threads", treaty, rocksDb, threads, this::update);
      }
    }
  }

  private double load(EngineUnderTest.Opener opener) {
    Random random = new Random(1);
    List<Long> order = new ArrayList<>(rows);
    for (long i = 0; i < rows; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    long start = System.nanoTime();
    try (EngineUnderTest engine = opener.open()) {
      List<EngineUnderTest.Row> batch = new ArrayList<>();
      for (long i : order) {
        batch.add(EngineUnderTest.row(i, random));
        if (batch.size() == ROWS_PER_LOAD_COMMIT) {
          engine.write(batch);
          batch.clear();
        }
      }
    }
    return rows / ((System.nanoTime() - start) / 1e9);
  }

  private double cold(EngineUnderTest.Opener opener) throws Exception {
    try (EngineUnderTest engine = opener.open()) {
      return perSecond(engine, 1, this::get);
    }
  }

  private void compare(String name, EngineUnderTest treaty, EngineUnderTest rocksDb, int threads, Action action) throws Exception {
    perSecond(treaty, threads, action);
    perSecond(rocksDb, threads, action);
    double[] ours = new double[rounds];
    double[] theirs = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      ours[i] = perSecond(treaty, threads, action);
      theirs[i] = perSecond(rocksDb, threads, action);
    }
    report.compare(name, ours, theirs, "1/s");
  }

  private void compareFullScan(EngineUnderTest treaty, EngineUnderTest rocksDb) {
    double[] ours = new double[rounds];
    double[] theirs = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      ours[i] = fullScan(treaty);
      theirs[i] = fullScan(rocksDb);
    }
    report.compare("full_scan", ours, theirs, "rows/s");
  }

  private double fullScan(EngineUnderTest engine) {
    long start = System.nanoTime();
    engine.scan(new byte[0], Integer.MAX_VALUE);
    return rows / ((System.nanoTime() - start) / 1e9);
  }

  private byte[] randomKey() {
    return EngineUnderTest.key(ThreadLocalRandom.current().nextLong(rows));
  }

  private void get(EngineUnderTest engine) {
    if (engine.get(randomKey()) == null) {
      throw new IllegalStateException("a row is missing");
    }
  }

  private void update(EngineUnderTest engine) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    engine.write(List.of(EngineUnderTest.row(random.nextLong(rows), random)));
  }

  /** How often {@code threads} threads together run {@code action} in a second. */
  private double perSecond(EngineUnderTest engine, int threads, Action action) throws Exception {
    LongAdder done = new LongAdder();
    long start = System.nanoTime();
    long end = start + roundNanos;
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      List<Callable<Void>> loops = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        loops.add(() -> {
          while (System.nanoTime() < end) {
            action.run(engine);
            done.increment();
          }
          return null;
        });
      }
      for (Future<Void> loop : workers.invokeAll(loops)) {
        loop.get();
      }
    }
    return done.sum() / ((System.nanoTime() - start) / 1e9);
  }

  private static long bytes(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
