package org.treatydb.examples.bench;

import java.util.ArrayList;
import java.util.List;

/** What one side did in several rounds: all together, but for the throughputs. Not thread-safe. */
final class MeasuredRounds {

  private static final double MICROSECOND_NANOS = 1e3;

  private final List<Double> perSecond = new ArrayList<>();
  private final LatencyHistogram reads = new LatencyHistogram();
  private final LatencyHistogram writes = new LatencyHistogram();
  private long aborts;

  void add(Clients.Result round, long roundAborts) {
    perSecond.add(round.perSecond());
    reads.add(round.reads());
    writes.add(round.writes());
    aborts += roundAborts;
  }

  /** Transactions per second, round by round. */
  double[] perSecond() {
    return perSecond.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Latencies and aborts, of the kinds of transactions that the workload has. */
  void print(Report report, String prefix, boolean hasReads, boolean hasWrites) {
    if (hasWrites) {
      report.figure(prefix + "_aborts_per_commit", (double) aborts / Math.max(1, writes.count()), "x");
      printLatency(report, prefix + "_write", writes);
    }
    if (hasReads) {
      printLatency(report, prefix + "_read", reads);
    }
  }

  private static void printLatency(Report report, String name, LatencyHistogram latencies) {
    report.figure(name + "_p50", latencies.percentile(50) / MICROSECOND_NANOS, "us");
    report.figure(name + "_p99", latencies.percentile(99) / MICROSECOND_NANOS, "us");
  }
}
