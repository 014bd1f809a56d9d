package org.treatydb.examples.bench;

import java.util.Map;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.kv.boundary.LogName;

/**
 * What one transfer costs the nodes together, on average: that of a node picked at random to coordinate it. A message is a request or a
 * reply from one node to another.
 *
 * @param counterRounds heads of logs that the trusted counters confirmed; those of one node's WAL and Clog may share a round's messages
 */
record TransferCosts(
    double walSyncs, double clogSyncs, double counterRounds, double branchMessages, double counterMessages, double clockMessages,
    double otherMessages) {

  /** Of three nodes, two are not the coordinator. */
  private static final double REMOTE = (BenchCluster.NODES - 1.0) / BenchCluster.NODES;

  private static final int MESSAGES_PER_CALL = 2;

  /** Store and confirm, at one of the other two nodes: with the node itself a majority. */
  private static final int CALLS_PER_ROUND = 2;

  /**
   * The least that the protocol needs if no transaction shares anything with another. On one node: two reads and the commit there, which is
   * synced and confirmed. On two: at each a read, the prepare, and the commit, which are synced and confirmed, and the coordinator's
   * decision, which is so, too. The clock of one other node is read for each.
   */
  static TransferCosts least(int multiShardPercent) {
    double multi = multiShardPercent / 100.0;
    double clog = multi;
    double wal = 1 - multi + 4 * multi;
    double branchCalls = REMOTE * (3 * (1 - multi) + 6 * multi);
    double rounds = wal + clog;
    return new TransferCosts(
        wal, clog, rounds, MESSAGES_PER_CALL * branchCalls, MESSAGES_PER_CALL * CALLS_PER_ROUND * rounds, MESSAGES_PER_CALL, 0);
  }

  /** What was counted while so many transfers were committed. */
  static TransferCosts of(ClusterCosts.Counted counted, long transfers) {
    double commits = Math.max(1, transfers);
    Map<Service, Long> calls = counted.calls();
    long known = calls.get(Service.BRANCHES) + calls.get(Service.COUNTER) + calls.get(Service.CLOCK);
    long all = sum(calls);
    return new TransferCosts(
        counted.syncs().get(LogName.WAL) / commits, counted.syncs().get(LogName.CLOG) / commits, sum(counted.confirmations()) / commits,
        MESSAGES_PER_CALL * calls.get(Service.BRANCHES) / commits, MESSAGES_PER_CALL * calls.get(Service.COUNTER) / commits,
        MESSAGES_PER_CALL * calls.get(Service.CLOCK) / commits, MESSAGES_PER_CALL * (all - known) / commits);
  }

  private static long sum(Map<?, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  double syncs() {
    return walSyncs + clogSyncs;
  }

  double messages() {
    return branchMessages + counterMessages + clockMessages + otherMessages;
  }

  void print(Report report, String prefix, TransferCosts least) {
    report.say("%s, each transfer: %s; the protocol's least, unshared: %s", prefix, this, least);
    report.figure(prefix + "_syncs", syncs(), "1/tx");
    report.figure(prefix + "_syncs_of_least_ratio", syncs() / least.syncs(), "x");
    report.figure(prefix + "_counter_rounds", counterRounds, "1/tx");
    report.figure(prefix + "_counter_rounds_of_least_ratio", counterRounds / least.counterRounds(), "x");
    report.figure(prefix + "_messages", messages(), "1/tx");
    report.figure(prefix + "_messages_of_least_ratio", messages() / least.messages(), "x");
  }

  @Override
  public String toString() {
    return ("%.2f syncs (WAL %.2f, Clog %.2f), %.2f heads confirmed, %.1f messages (branches %.1f, counter %.1f, clock %.1f, other %.1f)")
        .formatted(syncs(), walSyncs, clogSyncs, counterRounds, messages(), branchMessages, counterMessages, clockMessages, otherMessages);
  }
}
