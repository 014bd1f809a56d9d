package org.treatydb.dist.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.treatydb.dist.channel.Nodes.LONG;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/** The benchmark's transport: that it carries the same calls, and that it protects nothing. */
class UnprotectedTransportTest {

  private final Nodes nodes = new Nodes();

  @AfterEach
  void stop() throws Exception {
    nodes.close();
  }

  private UnprotectedTransport start(int node) {
    UnprotectedTransport transport = nodes.closing(new UnprotectedTransport(
        node, Nodes.ANY_PORT, nodes.addresses::get, 1, Nodes.LIMITS, nodes.clock, new DefaultThreadFactory("test", true)));
    nodes.addresses.put(node, transport.address());
    transport.serve((peer, request) -> ByteBuffer.allocate(Integer.BYTES + request.length).putInt(peer.node()).put(request).array());
    return transport;
  }

  private static byte[] reply(int peer, byte[] request) {
    return ByteBuffer.allocate(Integer.BYTES + request.length).putInt(peer).put(request).array();
  }

  @Test
  void carriesCallsOfAnyLengthBothWaysAndToItself() {
    UnprotectedTransport one = start(1);
    UnprotectedTransport two = start(2);
    for (int bytes : new int[] {0, 100, 1 << 20}) {
      byte[] request = new byte[bytes];
      assertArrayEquals(reply(1, request), one.call(2, request, LONG));
      assertArrayEquals(reply(2, request), two.call(1, request, LONG));
      assertArrayEquals(reply(1, request), one.call(1, request, LONG));
    }
  }

  @Test
  void believesWhoeverClaimsToBeANode() {
    start(2);
    UnprotectedTransport impostor = start(7);
    assertArrayEquals(reply(7, new byte[1]), impostor.call(2, new byte[1], LONG));
  }

  @Test
  void aNodeThatProtectsItselfLetsItInNowhere() {
    nodes.start(2).serve((peer, request) -> request);
    UnprotectedTransport one = start(1);
    KvException e = assertThrows(KvException.Retryable.class, () -> one.call(2, new byte[1], Nodes.SECOND));
    assertEquals(ErrorCode.NODE_UNREACHABLE, e.code());
  }
}
