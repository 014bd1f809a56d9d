package org.treatydb.examples.bench;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.treatydb.examples.bench.EngineUnderTest.Kind;

/** Point reads of an engine that has just been opened, with the files out of the operating system's cache, and in it. */
final class ColdReads {

  private static final int WARM_UP_ROUNDS = 3;
  private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

  private final StoragePaths paths;
  private final StoragePlan plan;
  private final Report report;
  private final Consumer<EngineUnderTest> read;

  /** {@code read}: reads one row. */
  ColdReads(StoragePaths paths, StoragePlan plan, Report report, Consumer<EngineUnderTest> read) {
    this.paths = paths;
    this.plan = plan;
    this.report = report;
    this.read = read;
  }

  void run() throws Exception {
    Optional<PageCache> pageCache = PageCache.find();
    report.title(
        "storage, cold: opened anew, %,d reads; data are %.1f times the caches".formatted(
            plan.coldReads(), (double) plan.dataBytes() / plan.smallCacheBytes()));
    report.say(TreatyFiles.describe(plan.smallCacheBytes()));
    report.say(RocksTuning.describe(plan.smallCacheBytes()));
    report.say(
        pageCache.isPresent()
            ? "cold_get: the operating system's cached pages of the files were dropped; reopened_get: it has them all"
            : "the operating system's cached pages of the files could not be dropped, so cold_get is the same as reopened_get");
    warmUp();
    Consumer<Path> drop = directory -> pageCache.ifPresentOrElse(cache -> cache.drop(directory), () -> BenchDirectory.read(directory));
    measure("cold_get", 1, drop);
    measure("cold_get_8_threads", 8, drop);
    measure("reopened_get", 1, BenchDirectory::read);
  }

  /** Cold shall be the engine, not Java's compilers. */
  private void warmUp() throws Exception {
    for (Kind kind : Kind.values()) {
      try (EngineUnderTest engine = kind.open(paths.of(kind), plan.smallCacheBytes())) {
        Clients.run(1, WARM_UP_ROUNDS * plan.roundNanos(), () -> Clients.reading(() -> read.accept(engine)));
      }
    }
  }

  /** {@code prepare}: what is done with the files of an engine before it is opened. */
  private void measure(String name, int threads, Consumer<Path> prepare) throws Exception {
    report.progress("%s", name);
    Series opening = new Series();
    Series diskBytes = new Series();
    Series reads = Series.of(plan.rounds(), kind -> {
      prepare.accept(paths.of(kind));
      long start = System.nanoTime();
      try (EngineUnderTest engine = kind.open(paths.of(kind), plan.smallCacheBytes())) {
        opening.add(kind, (System.nanoTime() - start) / 1e6);
        ProcessIo before = ProcessIo.now();
        Clients.Result result =
            Clients.run(threads, NANOS_MAX, plan.coldReads() / threads, () -> Clients.reading(() -> read.accept(engine)));
        diskBytes.add(kind, (double) ProcessIo.now().since(before).readBytes() / result.steps());
        return result.perSecond();
      }
    });
    report.compare(name, reads, "1/s");
    report.compare(name + "_opening", opening, "ms");
    for (Kind kind : Kind.values()) {
      report.figure(name + "_disk_bytes_per_read_" + kind.figureName(), Report.median(diskBytes.of(kind)), "B");
    }
  }
}
