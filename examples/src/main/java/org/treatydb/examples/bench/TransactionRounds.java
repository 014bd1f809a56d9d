package org.treatydb.examples.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.treatydb.examples.bench.TransactionalEngine.Side;

/** What all sides did with one workload and one number of clients, round by round. Not thread-safe. */
final class TransactionRounds {

  private static final double MICROSECOND_NANOS = 1e3;

  private final Workload workload;
  private final Map<Side, Measured> sides = new EnumMap<>(Side.class);

  TransactionRounds(Workload workload) {
    this.workload = workload;
    for (Side side : Side.values()) {
      sides.put(side, new Measured());
    }
  }

  /** One side, all rounds together, but for the throughputs. */
  private static final class Measured {
    private final List<Double> perSecond = new ArrayList<>();
    private final LatencyHistogram reads = new LatencyHistogram();
    private final LatencyHistogram writes = new LatencyHistogram();
    private long aborts;

    double[] perSecond() {
      return perSecond.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  void add(Side side, Clients.Result round, long aborts) {
    Measured measured = sides.get(side);
    measured.perSecond.add(round.perSecond());
    measured.reads.add(round.reads());
    measured.writes.add(round.writes());
    measured.aborts += aborts;
  }

  /** Transactions per second, the median of the rounds. */
  double perSecond(Side side) {
    return Report.median(sides.get(side).perSecond());
  }

  /** The better kind of Treaty's transactions by the better kind of RocksDB's. */
  double ratio() {
    return ratio(better(Side.OURS), better(Side.THEIRS));
  }

  private Side better(List<Side> kinds) {
    return kinds.stream().max(Comparator.comparingDouble(this::perSecond)).orElseThrow();
  }

  private double ratio(Side ours, Side theirs) {
    return Report.medianRatio(sides.get(ours).perSecond(), sides.get(theirs).perSecond());
  }

  void print(Report report, String name) {
    for (Side side : Side.values()) {
      report.figure(name + "_" + side.figureName(), perSecond(side), "1/s");
    }
    report.figure(name + "_pessimistic_ratio", ratio(Side.TREATY_PESSIMISTIC, Side.ROCKSDB_PESSIMISTIC), "x");
    report.figure(name + "_optimistic_ratio", ratio(Side.TREATY_OPTIMISTIC, Side.ROCKSDB_OPTIMISTIC), "x");
    report.figure(name + "_ratio", ratio(), "x");
    sides.forEach((side, measured) -> {
      String prefix = name + "_" + side.figureName();
      if (workload.writes()) {
        report.figure(prefix + "_aborts_per_commit", (double) measured.aborts / Math.max(1, measured.writes.count()), "x");
        printLatency(report, prefix + "_write", measured.writes);
      }
      if (workload.reads()) {
        printLatency(report, prefix + "_read", measured.reads);
      }
    });
  }

  private static void printLatency(Report report, String name, LatencyHistogram latencies) {
    report.figure(name + "_p50", latencies.percentile(50) / MICROSECOND_NANOS, "us");
    report.figure(name + "_p99", latencies.percentile(99) / MICROSECOND_NANOS, "us");
  }
}
