package org.treatydb.examples.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.treatydb.examples.bench.EngineUnderTest.Kind;

/**
 * Loads the data of the storage benchmark into both engines, in random order, in durable commits of many rows. The sides
 * take turns, piece by piece; a turn ends when what the engine does in the background is done.
 */
final class StorageLoad {

  private static final int ROWS_PER_COMMIT = 1000;
  private static final int BULK_LOADS_MAX = 3;
  private static final long QUIET_NANOS_MAX = TimeUnit.MINUTES.toNanos(3);

  private final StoragePaths paths;
  private final StoragePlan plan;
  private final Report report;
  private final int[] order;
  private final Series acknowledged = new Series();
  private final Series settled = new Series();
  private final Series written = new Series();

  StorageLoad(StoragePaths paths, StoragePlan plan, Report report) {
    this.paths = paths;
    this.plan = plan;
    this.report = report;
    this.order = shuffled(plan.rows());
  }

  void run() throws IOException {
    report.title("storage, load: commits of %,d rows in random order".formatted(ROWS_PER_COMMIT));
    report.say(TreatyFiles.describe(plan.cacheBytes()));
    report.say(RocksTuning.describe(plan.cacheBytes()));
    warmUp();
    Map<Kind, EngineUnderTest> engines = new EnumMap<>(Kind.class);
    try {
      for (Kind kind : Kind.values()) {
        engines.put(kind, kind.open(paths.of(kind), plan.cacheBytes()));
      }
      for (int piece = 0; piece < plan.loadPieces(); piece++) {
        for (Kind kind : Kind.values()) {
          report.progress("load, piece %d of %d, %s", piece + 1, plan.loadPieces(), kind);
          loadPiece(kind, engines.get(kind), piece);
        }
      }
    } finally {
      engines.values().forEach(EngineUnderTest::close);
    }
    report.compare("load", acknowledged, "rows/s");
    if (ProcessIo.isCounted()) {
      report.compare("load_settled", settled, "rows/s");
      report.compare("load_write_amplification", written, "x");
    }
  }

  /** The first load would measure Java's compilers. */
  private void warmUp() throws IOException {
    for (Kind kind : Kind.values()) {
      report.progress("warming up, %s", kind);
      Path directory = paths.scratch();
      try (EngineUnderTest engine = kind.open(directory, plan.smallCacheBytes())) {
        load(engine, 0, Math.min(plan.warmUpRows(), plan.rows()));
      }
      BenchDirectory.delete(directory);
    }
  }

  private void loadPiece(Kind kind, EngineUnderTest engine, int piece) {
    int from = (int) ((long) plan.rows() * piece / plan.loadPieces());
    int to = (int) ((long) plan.rows() * (piece + 1) / plan.loadPieces());
    ProcessIo before = ProcessIo.now();
    long start = System.nanoTime();
    load(engine, from, to);
    long end = System.nanoTime();
    long quiet = Math.max(end, ProcessIo.awaitQuiet(QUIET_NANOS_MAX));
    acknowledged.add(kind, (to - from) / ((end - start) / 1e9));
    settled.add(kind, (to - from) / ((quiet - start) / 1e9));
    written.add(kind, (double) ProcessIo.now().since(before).writtenBytes() / ((long) (to - from) * Row.BYTES));
  }

  /** Loads the same rows, in order, in one go, into engines of their own. */
  void runInBulk() throws Exception {
    report.title("storage, bulk load: rows in order, by EmbeddedStore.load and by SstFileWriter and ingestion");
    Series.Measure measure = kind -> {
      Path directory = paths.scratch();
      try (EngineUnderTest engine = kind.open(directory, plan.smallCacheBytes())) {
        report.progress("bulk load, %s", kind);
        return bulkLoad(engine);
      } finally {
        BenchDirectory.delete(directory);
      }
    };
    report.compare("bulk_load", Series.of(Math.min(plan.rounds(), BULK_LOADS_MAX), measure), "rows/s");
  }

  private double bulkLoad(EngineUnderTest engine) {
    RandomGenerator random = new Random(0);
    Iterator<Row> rows = IntStream.range(0, plan.rows()).mapToObj(i -> Row.of(i, random)).iterator();
    long start = System.nanoTime();
    engine.bulkLoad(rows);
    double perSecond = plan.rows() / ((System.nanoTime() - start) / 1e9);
    int seen = engine.scan(new byte[0], Integer.MAX_VALUE);
    if (seen != plan.rows()) {
      throw new IllegalStateException("after a bulk load there are " + seen + " rows");
    }
    return perSecond;
  }

  private void load(EngineUnderTest engine, int from, int to) {
    RandomGenerator random = new Random(from);
    List<Row> commit = new ArrayList<>(ROWS_PER_COMMIT);
    for (int i = from; i < to; i++) {
      commit.add(Row.of(order[i], random));
      if (commit.size() == ROWS_PER_COMMIT || i == to - 1) {
        engine.write(commit);
        commit.clear();
      }
    }
  }

  private static int[] shuffled(int rows) {
    Random random = new Random(1);
    int[] order = new int[rows];
    for (int i = 0; i < rows; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }
}
