package org.treatydb.dist.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;

/** How a node's state travels. */
class NodeStatusTest {

  @Test
  void aStateIsWrittenAndReadAsEver() {
    NodeStatus status = new NodeStatus(3, 4_000, 1, 2, 5, "gives [01, 02) to node 3", "the disk is full");
    assertEquals(status, NodeStatus.decode(GoldenFile.check("node-status", status.encode())));
  }

  private static Stream<byte[]> states() {
    return Stream.of(new NodeStatus(3, 4_000, 1, 2, 5, "gives [01, 02) to node 3", "the disk is full").encode());
  }

  @MethodSource("states")
  @FuzzTest
  void states(byte[] bytes) {
    DecoderContract.of(NodeStatus::decode).writtenBy(NodeStatus::encode).check(bytes);
  }
}
