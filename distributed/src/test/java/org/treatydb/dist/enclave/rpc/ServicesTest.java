package org.treatydb.dist.enclave.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.treatydb.dist.boundary.Peer;

class ServicesTest {

  private static final Peer PEER = new Peer(2);

  @Test
  void aRequestGoesToTheServiceThatItsFirstByteNames() {
    Services services = new Services();
    services.add(Service.CLOCK, (peer, request) -> new byte[] {(byte) peer.node(), (byte) request.length});
    assertArrayEquals(new byte[] {2, 0}, services.handle(PEER, new byte[] {Service.CLOCK.code()}));
    assertArrayEquals(new byte[] {2, 3}, services.handle(PEER, new byte[] {Service.CLOCK.code(), 7, 7, 7}));
    assertEquals(Optional.of(Service.CLOCK), Service.of(new byte[] {Service.CLOCK.code(), 7}));
  }

  @Test
  void aRequestToNoServiceIsAnsweredWithNothing() {
    Services services = new Services();
    services.add(Service.CLOCK, (peer, request) -> request);
    for (byte[] none : new byte[][] {{}, {Service.WAITS.code()}, {0}, {99, 1}}) {
      assertEquals(0, services.handle(PEER, none).length);
    }
    assertEquals(Optional.empty(), Service.of(new byte[0]));
    assertEquals(Optional.empty(), Service.of(new byte[] {99}));
  }
}
