package org.treatydb.examples.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How much the cluster benchmark does.
 *
 * @param recordsPerNode each is a row and an account
 * @param multiShardPercents of a hundred transactions, so many work on two nodes
 * @param clients how many work at the same time
 */
record ClusterPlan(
    int recordsPerNode, List<ClusterSide> sides, List<ClusterWorkload> workloads, List<Integer> multiShardPercents, List<Integer> clients,
    int rounds, long roundNanos, long warmUpNanos) {

  static final ClusterPlan FULL = new ClusterPlan(
      50_000, List.of(ClusterSide.values()), List.of(ClusterWorkload.values()), List.of(0, 50, 100), List.of(1, 8, 64), 3,
      TimeUnit.MILLISECONDS.toNanos(1_250), TimeUnit.SECONDS.toNanos(1));

  static final ClusterPlan QUICK = new ClusterPlan(
      5_000, List.of(ClusterSide.values()), List.of(ClusterWorkload.TRANSFER, ClusterWorkload.YCSB_A), List.of(0, 100), List.of(1, 8), 4,
      TimeUnit.MILLISECONDS.toNanos(200), TimeUnit.MILLISECONDS.toNanos(700));

  ClusterPlan withSides(List<ClusterSide> wanted) {
    return new ClusterPlan(recordsPerNode, wanted, workloads, multiShardPercents, clients, rounds, roundNanos, warmUpNanos);
  }

  ClusterPlan withWorkloads(List<ClusterWorkload> wanted) {
    return new ClusterPlan(recordsPerNode, sides, wanted, multiShardPercents, clients, rounds, roundNanos, warmUpNanos);
  }

  ClusterPlan withMultiShardPercents(List<Integer> wanted) {
    return new ClusterPlan(recordsPerNode, sides, workloads, wanted, clients, rounds, roundNanos, warmUpNanos);
  }

  ClusterPlan withClients(List<Integer> wanted) {
    return new ClusterPlan(recordsPerNode, sides, workloads, multiShardPercents, wanted, rounds, roundNanos, warmUpNanos);
  }

  ClusterPlan withRoundSeconds(int seconds) {
    return new ClusterPlan(
        recordsPerNode, sides, workloads, multiShardPercents, clients, rounds, TimeUnit.SECONDS.toNanos(seconds), warmUpNanos);
  }
}
