package org.treatydb.examples.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.treatydb.examples.bench.TransactionalEngine.Side;

/**
 * Treaty's transactions, pessimistic and optimistic, against RocksDB's: YCSB's core workloads and transfers, every commit
 * durable, from one client to many. All sides are measured by turns; throughputs are medians of the rounds, ratios are
 * Treaty / RocksDB, above 1 is better for Treaty. The counters are added up after each workload: an increment that was
 * lost or half a transfer ends the run.
 */
final class TransactionBenchmark {

  private static final int RECORDS_PER_LOAD_COMMIT = 500;
  private static final int CLIENTS_FROM_WHICH_TO_BE_AHEAD = 8;
  private static final long QUIET_NANOS_MAX = TimeUnit.MINUTES.toNanos(1);

  private final Path directory;
  private final TransactionPlan plan;
  private final Report report;
  private final Map<Side, TransactionalEngine> engines = new EnumMap<>(Side.class);
  private final Map<Side, LongAdder> increments = new EnumMap<>(Side.class);
  private final Map<Side, Double> ofPeakLowest = new EnumMap<>(Side.class);
  private double ratioLowest = Double.POSITIVE_INFINITY;

  TransactionBenchmark(Path directory, TransactionPlan plan, Report report) {
    this.directory = directory;
    this.plan = plan;
    this.report = report;
  }

  void run() throws Exception {
    report.title("transactions: %,d records of 2 rows of %d bytes; %d rounds of %.2f s a side; clients are platform threads".formatted(
        plan.records(), Row.BYTES, plan.rounds(), plan.roundNanos() / 1e9));
    report.say(TreatyFiles.describe(plan.cacheBytes()));
    report.say(RocksTuning.describe(plan.cacheBytes()));
    report.say(RocksTransactions.describe());
    try {
      for (Side side : Side.values()) {
        report.progress("load, %s", side);
        engines.put(side, side.open(directory.resolve(side.figureName()), plan.cacheBytes()));
        increments.put(side, new LongAdder());
        load(engines.get(side));
      }
      ProcessIo.awaitQuiet(QUIET_NANOS_MAX);
      for (Workload workload : plan.workloads()) {
        for (TransactionPlan.Distribution distribution : plan.distributions()) {
          measure(workload, distribution);
        }
      }
    } finally {
      engines.values().forEach(TransactionalEngine::close);
    }
    summarise();
  }

  private void load(TransactionalEngine engine) {
    List<Row> rows = new ArrayList<>();
    for (long record = 0; record < plan.records(); record++) {
      rows.addAll(Workload.rows(record, ThreadLocalRandom.current()));
      if (rows.size() >= 2 * RECORDS_PER_LOAD_COMMIT || record == plan.records() - 1) {
        engine.write(rows);
        rows.clear();
      }
    }
  }

  private void measure(Workload workload, TransactionPlan.Distribution distribution) throws Exception {
    String name = workload.figureName() + "_" + distribution.figureName();
    report.title("transactions, " + name);
    KeyChooser keys = distribution.chooser(plan.records());
    report.progress("%s, warming up", name);
    for (Side side : Side.values()) {
      run(side, workload, keys, plan.clients().getLast(), plan.warmUpNanos(), new LongAdder());
    }
    Map<Integer, TransactionRounds> measured = new LinkedHashMap<>();
    for (int clients : plan.clients()) {
      report.progress("%s, %d clients", name, clients);
      TransactionRounds rounds = new TransactionRounds(workload);
      for (int round = 0; round < plan.rounds(); round++) {
        for (int turn = 0; turn < Side.values().length; turn++) {
          Side side = Side.values()[(turn + round) % Side.values().length];
          LongAdder aborts = new LongAdder();
          rounds.add(side, run(side, workload, keys, clients, plan.roundNanos(), aborts), aborts.sum());
        }
      }
      rounds.print(report, name + "_clients_" + clients);
      measured.put(clients, rounds);
    }
    checkCounters();
    printOfPeak(name, measured);
  }

  private Clients.Result run(Side side, Workload workload, KeyChooser keys, int clients, long nanos, LongAdder aborts) throws Exception {
    Clients.Result result = Clients.run(clients, nanos, () -> new WorkloadClient(workload, engines.get(side).session(), keys, aborts));
    increments.get(side).add(result.writes().count() * workload.addsToCounters());
    return result;
  }

  /** One client of one side. */
  private record WorkloadClient(Workload workload, TransactionalEngine.Session session, KeyChooser keys, LongAdder aborts)
      implements Clients.Client {

    @Override
    public Clients.Kind step() {
      return workload.step(session, keys);
    }

    @Override
    public void close() {
      aborts.add(session.aborts());
      session.close();
    }
  }

  private void checkCounters() {
    engines.forEach((side, engine) -> {
      long sum = engine.sum(Workload.counters());
      long expected = increments.get(side).sum();
      if (sum != expected) {
        throw new IllegalStateException("the counters of " + side + " add up to " + sum + ", not " + expected);
      }
    });
  }

  private void printOfPeak(String name, Map<Integer, TransactionRounds> measured) {
    int most = plan.clients().getLast();
    for (Side side : Side.values()) {
      double peak = measured.values().stream().mapToDouble(rounds -> rounds.perSecond(side)).max().orElseThrow();
      double ofPeak = measured.get(most).perSecond(side) / peak;
      report.figure("%s_%s_clients_%d_of_peak_ratio".formatted(name, side.figureName(), most), ofPeak, "x");
      ofPeakLowest.merge(side, ofPeak, Math::min);
    }
    measured.forEach((clients, rounds) -> {
      if (clients >= CLIENTS_FROM_WHICH_TO_BE_AHEAD) {
        ratioLowest = Math.min(ratioLowest, rounds.ratio());
      }
    });
  }

  private void summarise() {
    report.title("transactions, all workloads: the lowest ratio of the better kinds, and the lowest share of a side's own peak");
    if (ratioLowest < Double.POSITIVE_INFINITY) {
      report.figure("lowest_ratio_from_%d_clients".formatted(CLIENTS_FROM_WHICH_TO_BE_AHEAD), ratioLowest, "x");
    }
    ofPeakLowest.forEach((side, ofPeak) ->
        report.figure("lowest_%s_clients_%d_of_peak_ratio".formatted(side.figureName(), plan.clients().getLast()), ofPeak, "x"));
  }
}
