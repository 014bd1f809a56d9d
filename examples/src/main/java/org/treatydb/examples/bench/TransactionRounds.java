package org.treatydb.examples.bench;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.treatydb.examples.bench.TransactionalEngine.Side;

/** What all sides did with one workload and one number of clients, round by round. Not thread-safe. */
final class TransactionRounds {

  private final Workload workload;
  private final Map<Side, MeasuredRounds> sides = new EnumMap<>(Side.class);

  TransactionRounds(Workload workload) {
    this.workload = workload;
    for (Side side : Side.values()) {
      sides.put(side, new MeasuredRounds());
    }
  }

  void add(Side side, Clients.Result round, long aborts) {
    sides.get(side).add(round, aborts);
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
    sides.forEach((side, measured) ->
        measured.print(report, name + "_" + side.figureName(), workload.reads(), workload.writes()));
  }
}
