package org.treatydb.examples.bench;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * Chooses the two records of a cluster's transaction, every record equally often: on two nodes in so many of a hundred transactions, on
 * one node in the others. Immutable and thread-safe.
 */
record RecordPairs(int recordsPerNode, int multiShardPercent) {

  /** A record of a node's shard. */
  record Place(int node, long record) {

    /** The key of its row, whose value begins with the record's number. */
    byte[] row() {
      return Row.key(rows(node), record);
    }

    /** The key of its account, whose value begins with a balance. */
    byte[] account() {
      return Row.key(accounts(node), record);
    }
  }

  /** Two different records. */
  record Pair(Place first, Place second) {}

  static byte[] rows(int node) {
    return table(node, "row");
  }

  static byte[] accounts(int node) {
    return table(node, "account");
  }

  private static byte[] table(int node, String name) {
    return (new String(BenchCluster.firstByte(node), StandardCharsets.US_ASCII) + name).getBytes(StandardCharsets.US_ASCII);
  }

  Pair next(RandomGenerator random) {
    int firstNode = 1 + random.nextInt(BenchCluster.NODES);
    long firstRecord = random.nextInt(recordsPerNode);
    if (random.nextInt(100) < multiShardPercent) {
      int secondNode = 1 + (firstNode + random.nextInt(BenchCluster.NODES - 1)) % BenchCluster.NODES;
      return new Pair(new Place(firstNode, firstRecord), new Place(secondNode, random.nextInt(recordsPerNode)));
    }
    long secondRecord = (firstRecord + 1 + random.nextInt(recordsPerNode - 1)) % recordsPerNode;
    return new Pair(new Place(firstNode, firstRecord), new Place(firstNode, secondRecord));
  }
}
