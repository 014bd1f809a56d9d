package org.treatydb.examples.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.treatydb.examples.bench.EngineUnderTest.Kind;

/**
 * Treaty's engine against plain RocksDB, same data, same machine, same run: load, durable updates, cold and warm reads,
 * scans, space, bytes written, memory; with caches that hold the data and with caches that do not. Both sides are
 * measured in alternating rounds; figures are medians, ratios are Treaty / RocksDB (above 1 is better for Treaty, except
 * for space, write amplification, opening and memory).
 */
final class StorageBenchmark {

  private static final int SHORT_SCAN_ROWS = 50;
  private static final int MULTI_GET_KEYS = 100;
  private static final int FILL_STRIDE_ROWS = 10;
  private static final int FULL_SCANS_MAX = 3;
  private static final int[] UPDATE_THREADS = {1, 8, 64};
  private static final long QUIET_NANOS_MAX = TimeUnit.MINUTES.toNanos(1);

  private final StoragePaths paths;
  private final Report report;
  private final StoragePlan plan;

  StorageBenchmark(Path directory, StoragePlan plan, Report report) {
    this.paths = new StoragePaths(directory);
    this.plan = plan;
    this.report = report;
  }

  void run() throws Exception {
    report.title(
        "storage: %,d rows of %d bytes; %d rounds of %.2f s a side".formatted(
            plan.rows(), Row.BYTES, plan.rounds(), plan.roundNanos() / 1e9));
    StorageLoad load = new StorageLoad(paths, plan, report);
    load.run();
    space();
    load.runInBulk();
    new ColdReads(paths, plan, report, this::get).run();
    withEngines("beyond_caches_", "small caches", plan.smallCacheBytes(), this::compareReads);
    withEngines("", "large caches", plan.cacheBytes(), (prefix, engines) -> {
      compareReads(prefix, engines);
      compareUpdates(prefix, engines);
      compareThroughput(prefix + "get_after_updates_8_threads", engines, 8, this::get);
    });
    withEngines("beyond_caches_", "small caches", plan.smallCacheBytes(), this::compareUpdates);
    memory();
  }

  private void space() throws IOException {
    Series megabytes = new Series();
    for (Kind kind : Kind.values()) {
      megabytes.add(kind, BenchDirectory.bytes(paths.of(kind)) / 1e6);
    }
    report.compare("space", megabytes, "MB");
  }

  /** Measures both engines while they are open; {@code prefix}: what the figures' names begin with. */
  private interface Case {
    void measure(String prefix, Map<Kind, EngineUnderTest> engines) throws Exception;
  }

  private void withEngines(String prefix, String title, long cacheBytes, Case measures) throws Exception {
    report.title("storage, %s: data are %.1f times the caches".formatted(title, (double) plan.dataBytes() / cacheBytes));
    report.say(TreatyFiles.describe(cacheBytes));
    report.say(RocksTuning.describe(cacheBytes));
    report.say("the operating system's cache has all files; write amplification is that of the rounds, what is written ahead included");
    Map<Kind, EngineUnderTest> engines = new EnumMap<>(Kind.class);
    try {
      for (Kind kind : Kind.values()) {
        report.progress("filling the caches, %s", kind);
        BenchDirectory.read(paths.of(kind));
        engines.put(kind, kind.open(paths.of(kind), cacheBytes));
        fillCaches(engines.get(kind));
      }
      ProcessIo.awaitQuiet(QUIET_NANOS_MAX);
      measures.measure(prefix, engines);
    } finally {
      engines.values().forEach(EngineUnderTest::close);
    }
  }

  /** Reads a few rows of every block and leaf. */
  private void fillCaches(EngineUnderTest engine) {
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < plan.rows(); i += FILL_STRIDE_ROWS) {
      keys.add(Row.key(i));
      if (keys.size() == MULTI_GET_KEYS) {
        engine.multiGet(keys);
        keys.clear();
      }
    }
  }

  private void compareReads(String prefix, Map<Kind, EngineUnderTest> engines) throws Exception {
    compareThroughput(prefix + "get_1_thread", engines, 1, this::get);
    compareThroughput(prefix + "get_8_threads", engines, 8, this::get);
    compareThroughput(prefix + "multi_get_100", engines, 1, this::multiGet);
    compareThroughput(prefix + "short_scan", engines, 1, this::shortScan);
    report.progress("%sfull_scan", prefix);
    int rounds = Math.min(plan.rounds(), FULL_SCANS_MAX);
    report.compare(prefix + "full_scan", Series.of(rounds, kind -> fullScan(engines.get(kind))), "rows/s");
  }

  private void compareThroughput(String name, Map<Kind, EngineUnderTest> engines, int threads, Consumer<EngineUnderTest> action)
      throws Exception {
    report.progress("%s", name);
    Series.Measure measure = kind -> run(engines.get(kind), threads, action).perSecond();
    Series.of(1, measure);
    report.compare(name, Series.of(plan.rounds(), measure), "1/s");
  }

  private void compareUpdates(String prefix, Map<Kind, EngineUnderTest> engines) throws Exception {
    for (int threads : UPDATE_THREADS) {
      String name = prefix + "update_" + threads + (threads == 1 ? "_thread" : "_threads");
      report.progress("%s", name);
      Series amplification = new Series();
      Series.Measure measure = kind -> {
        ProcessIo before = ProcessIo.now();
        Clients.Result result = run(engines.get(kind), threads, this::update);
        amplification.add(kind, (double) ProcessIo.now().since(before).writtenBytes() / (result.steps() * Row.BYTES));
        return result.perSecond();
      };
      Series.of(1, measure);
      report.compare(name, Series.of(plan.rounds(), measure), "1/s");
      if (ProcessIo.isCounted()) {
        report.compare(name + "_write_amplification", amplification, "x");
      }
    }
  }

  private void memory() throws IOException, InterruptedException {
    report.title("storage, memory: each side in a process of its own, after a full scan, reads and updates by 8 threads");
    report.say("resident: the whole process, after a garbage collection; heap: what is live in it, of %d MiB", plan.probeHeapMebibytes());
    report.say(TreatyFiles.describe(plan.smallCacheBytes()));
    report.say(RocksTuning.describe(plan.smallCacheBytes()));
    Map<Kind, Map<MemoryProbe.Figure, Double>> held = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      report.progress("memory, %s", kind);
      held.put(kind, MemoryProbe.measure(kind, paths.of(kind), plan));
    }
    Map<MemoryProbe.Figure, Double> empty = MemoryProbe.measureEmpty(paths.root(), plan);
    for (MemoryProbe.Figure figure : MemoryProbe.Figure.values()) {
      Series mebibytes = new Series();
      held.forEach((kind, figures) -> mebibytes.add(kind, figures.get(figure)));
      report.compare(figure.figureName(), mebibytes, "MiB");
      report.figure(figure.figureName() + "_without_engine", empty.get(figure), "MiB");
    }
  }

  private Clients.Result run(EngineUnderTest engine, int threads, Consumer<EngineUnderTest> action) throws Exception {
    return Clients.run(threads, plan.roundNanos(), () -> Clients.reading(() -> action.accept(engine)));
  }

  private double fullScan(EngineUnderTest engine) {
    long start = System.nanoTime();
    int seen = engine.scan(new byte[0], Integer.MAX_VALUE);
    if (seen != plan.rows()) {
      throw new IllegalStateException("a scan saw " + seen + " rows");
    }
    return seen / ((System.nanoTime() - start) / 1e9);
  }

  private long randomRow() {
    return ThreadLocalRandom.current().nextLong(plan.rows());
  }

  private void get(EngineUnderTest engine) {
    long i = randomRow();
    byte[] value = engine.get(Row.key(i));
    if (value == null || Row.number(value) != i) {
      throw new IllegalStateException("a row is missing or wrong");
    }
  }

  private void multiGet(EngineUnderTest engine) {
    List<byte[]> keys = new ArrayList<>(MULTI_GET_KEYS);
    for (int i = 0; i < MULTI_GET_KEYS; i++) {
      keys.add(Row.key(randomRow()));
    }
    for (byte[] value : engine.multiGet(keys)) {
      if (value == null) {
        throw new IllegalStateException("a row is missing");
      }
    }
  }

  private void shortScan(EngineUnderTest engine) {
    engine.scan(Row.key(randomRow()), SHORT_SCAN_ROWS);
  }

  private void update(EngineUnderTest engine) {
    engine.write(List.of(Row.of(randomRow(), ThreadLocalRandom.current())));
  }
}
