package org.treatydb.examples.bench;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How much the transaction benchmark does.
 *
 * @param records each is a row to read and update, and a counter
 * @param clients how many work at the same time, in ascending order
 * @param cacheBytes each side's caches
 */
record TransactionPlan(
    int records, List<Workload> workloads, List<Distribution> distributions, List<Integer> clients, int rounds, long roundNanos,
    long warmUpNanos, long cacheBytes) {

  static final TransactionPlan FULL = new TransactionPlan(
      1_000_000, List.of(Workload.values()), List.of(Distribution.values()), List.of(1, 8, 64, 256), 3, TimeUnit.SECONDS.toNanos(2),
      TimeUnit.SECONDS.toNanos(2), cacheFor(512L << 20));

  static final TransactionPlan QUICK = new TransactionPlan(
      50_000, List.of(Workload.YCSB_A, Workload.YCSB_F, Workload.TRANSFER), List.of(Distribution.ZIPFIAN), List.of(1, 8, 256), 2,
      TimeUnit.MILLISECONDS.toNanos(350), TimeUnit.MILLISECONDS.toNanos(500), cacheFor(160L << 20));

  private static final double ZIPFIAN_THETA = 0.99;

  /** How clients choose records. */
  enum Distribution {
    UNIFORM,
    ZIPFIAN;

    String figureName() {
      return name().toLowerCase(Locale.ROOT);
    }

    KeyChooser chooser(long records) {
      return this == UNIFORM ? KeyChooser.uniform(records) : KeyChooser.scrambledZipfian(records, ZIPFIAN_THETA);
    }
  }

  /** Two of Treaty's caches lie in the heap, which must hold more. */
  private static long cacheFor(long wantedBytes) {
    return Math.min(wantedBytes, Runtime.getRuntime().maxMemory() / 4);
  }

  TransactionPlan withWorkloads(List<Workload> wanted) {
    return new TransactionPlan(records, wanted, distributions, clients, rounds, roundNanos, warmUpNanos, cacheBytes);
  }

  TransactionPlan withDistributions(List<Distribution> wanted) {
    return new TransactionPlan(records, workloads, wanted, clients, rounds, roundNanos, warmUpNanos, cacheBytes);
  }

  TransactionPlan withClients(List<Integer> wanted) {
    return new TransactionPlan(records, workloads, distributions, wanted, rounds, roundNanos, warmUpNanos, cacheBytes);
  }
}
