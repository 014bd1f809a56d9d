package org.treatydb.dist.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.MutatedBytes;

/** How a node's state travels. */
class NodeStatusTest {

  @Test
  void aStateIsWrittenAndReadAsEver() {
    NodeStatus status = new NodeStatus(3, 4_000, 1, 2, 5, "gives [01, 02) to node 3", "the disk is full");
    assertEquals(status, NodeStatus.decode(GoldenFile.check("node-status", status.encode())));
    MutatedBytes.feed(status.encode(), NodeStatus::decode);
  }
}
