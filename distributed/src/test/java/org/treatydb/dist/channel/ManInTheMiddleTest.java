package org.treatydb.dist.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.dist.channel.Nodes.LONG;
import static org.treatydb.dist.channel.Nodes.SECOND;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * Whoever owns the wire can keep messages from arriving, and nothing else. The controls do the same to calls without TLS: there it yields
 * wrong replies, and requests that are executed twice.
 */
class ManInTheMiddleTest {

  /** Longer than one TLS record, so that attacks can hit its middle. */
  private static final int REQUEST_BYTES = 40_000;
  private static final long PATIENCE_NANOS = SECOND / 2;

  private final Nodes nodes = new Nodes();
  private final AtomicInteger handled = new AtomicInteger();
  private NettyTransport caller;
  private WireProxy wire;
  private WireProxy openWire;
  private CallClient openCaller;

  @BeforeEach
  void start() throws IOException {
    caller = nodes.start(1);
    NettyTransport called = nodes.start(2);
    called.serve((peer, request) -> {
      handled.incrementAndGet();
      return request;
    });
    wire = nodes.closing(new WireProxy(called::address));
    nodes.addresses.put(2, wire.address());

    EventLoops loops = nodes.loops();
    CallServer openServer = nodes.closing(
        new CallServer(new NoProtection(), nodes.check(), false, 2, Nodes.ANY_PORT, loops, Nodes.LIMITS));
    openServer.serve((peer, request) -> {
      handled.incrementAndGet();
      return request;
    });
    openWire = nodes.closing(new WireProxy(openServer::address));
    openCaller = nodes.closing(
        new CallClient("node 2", openWire::address, NoProtection::new, loops, Nodes.LIMITS, nodes.clock));
  }

  @AfterEach
  void stop() throws Exception {
    nodes.close();
  }

  private static byte[] request(long seed) {
    byte[] bytes = new byte[REQUEST_BYTES];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Whether the call got its right reply; if not, it must have failed as a lost one does. */
  private boolean answered(long seed, long timeoutNanos) {
    byte[] request = request(seed);
    try {
      assertArrayEquals(request, caller.call(2, request, timeoutNanos));
      return true;
    } catch (KvException.Retryable e) {
      assertEquals(ErrorCode.NODE_UNREACHABLE, e.code());
      return false;
    }
  }

  private void assertWorksAgain() {
    wire.attack(WireProxy.Attack.NONE);
    while (!answered(1, LONG)) {
      Thread.onSpinWait();
    }
  }

  private static WireProxy.Attack flip(boolean toServer, long at) {
    return (direction, offset, bytes) -> {
      if (direction == toServer && at >= offset && at < offset + bytes.length) {
        bytes[(int) (at - offset)] ^= 1;
      }
      return bytes;
    };
  }

  @Test
  void aFlippedByteNeverYieldsAReply() {
    Random random = new Random(1);
    for (int round = 0; round < 40; round++) {
      wire.cut();
      wire.attack(flip(round % 2 == 0, round < 10 ? round * 100 : random.nextInt(3000, REQUEST_BYTES)));
      long seed = round;
      assertFalse(answered(seed, PATIENCE_NANOS), "round " + round);
    }
    assertWorksAgain();
  }

  @Test
  void withoutTlsAFlippedByteYieldsAWrongReply() {
    openWire.attack(flip(true, REQUEST_BYTES / 2));
    assertFalse(Arrays.equals(request(1), openCaller.call(request(1), LONG)));
  }

  @Test
  void cutConnectionsFailTheirCallsAtOnce() {
    Random random = new Random(2);
    for (int round = 0; round < 20; round++) {
      wire.cut();
      long at = random.nextInt(REQUEST_BYTES);
      boolean direction = round % 2 == 0;
      wire.attack((toServer, offset, bytes) -> toServer == direction && offset + bytes.length > at ? null : bytes);
      assertFalse(answered(round, LONG), "round " + round);
    }
    assertWorksAgain();
  }

  /** An attack on the third chunk after a connection works, so that it hits a request and not the handshake. */
  private WireProxy.Attack onRequests(AtomicBoolean armed, WireProxy.Attack attack) {
    return (toServer, offset, bytes) -> toServer && armed.compareAndSet(true, false) ? attack.pass(true, offset, bytes) : bytes;
  }

  private static byte[] twice(byte[] bytes) {
    byte[] both = Arrays.copyOf(bytes, 2 * bytes.length);
    System.arraycopy(bytes, 0, both, bytes.length, bytes.length);
    return both;
  }

  @Test
  void bytesThatAreSentTwiceAreNotHandledTwice() {
    AtomicBoolean armed = new AtomicBoolean();
    wire.attack(onRequests(armed, (toServer, offset, bytes) -> twice(bytes)));
    assertEquals(3, caller.call(2, new byte[3], LONG).length);
    handled.set(0);
    armed.set(true);
    try {
      assertEquals(4, caller.call(2, new byte[4], PATIENCE_NANOS).length);
    } catch (KvException.Retryable e) {
      assertEquals(ErrorCode.NODE_UNREACHABLE, e.code());
    }
    assertWorksAgain();
    assertEquals(2, handled.get(), "the request, once, and the one after it");
  }

  @Test
  void withoutTlsBytesThatAreSentTwiceAreHandledTwice() {
    AtomicBoolean armed = new AtomicBoolean();
    openWire.attack(onRequests(armed, (toServer, offset, bytes) -> twice(bytes)));
    openCaller.call(new byte[3], LONG);
    handled.set(0);
    armed.set(true);
    openCaller.call(new byte[4], LONG);
    while (handled.get() < 2) {
      Thread.onSpinWait();
    }
  }

  @Test
  void missingBytesAreNoticed() {
    AtomicBoolean armed = new AtomicBoolean();
    wire.attack(onRequests(armed, (toServer, offset, bytes) -> new byte[0]));
    assertTrue(answered(1, LONG));
    handled.set(0);
    armed.set(true);
    assertFalse(answered(2, PATIENCE_NANOS));
    assertEquals(0, handled.get());
    assertFalse(answered(3, PATIENCE_NANOS), "what follows does not fit any more");
    assertWorksAgain();
  }

  @Test
  void swappedBytesAreNoticed() {
    AtomicBoolean armed = new AtomicBoolean();
    AtomicReference<byte[]> held = new AtomicReference<>();
    wire.attack((toServer, offset, bytes) -> {
      if (toServer && armed.compareAndSet(true, false)) {
        held.set(bytes);
        return new byte[0];
      }
      byte[] before = toServer ? held.getAndSet(null) : null;
      if (before == null) {
        return bytes;
      }
      byte[] swapped = Arrays.copyOf(bytes, bytes.length + before.length);
      System.arraycopy(before, 0, swapped, bytes.length, before.length);
      return swapped;
    });
    assertTrue(answered(1, LONG));
    armed.set(true);
    handled.set(0);
    for (int i = 0; i < 2; i++) {
      assertFalse(answered(2, PATIENCE_NANOS));
    }
    assertEquals(0, handled.get());
    assertWorksAgain();
  }

  @Test
  void delayedMessagesComeLateAndToNobodyElse() {
    CountDownLatch go = new CountDownLatch(1);
    AtomicBoolean armed = new AtomicBoolean();
    wire.attack((toServer, offset, bytes) -> {
      if (armed.get()) {
        go.await();
      }
      return bytes;
    });
    assertTrue(answered(1, LONG));
    armed.set(true);
    for (int i = 0; i < 5; i++) {
      assertFalse(answered(10 + i, SECOND / 20));
    }
    armed.set(false);
    go.countDown();
    for (int i = 0; i < 5; i++) {
      assertTrue(answered(20 + i, LONG));
    }
  }

  @Test
  void aRecordedSessionCannotBePlayedAgain() throws Exception {
    assertTrue(answered(1, LONG));
    handled.set(0);
    byte[] session = wire.recorded().getFirst();
    try (Socket socket = new Socket("127.0.0.1", wire.address().port())) {
      socket.getOutputStream().write(session);
      while (socket.getInputStream().read() >= 0) {
        Thread.onSpinWait();
      }
    } catch (SocketException e) {
      assertTrue(e.getMessage().contains("reset") || e.getMessage().contains("Broken pipe"), e.getMessage());
    }
    assertEquals(0, handled.get());
  }

  @Test
  void withoutTlsARecordedSessionCanBePlayedAgain() throws Exception {
    openCaller.call(request(1), LONG);
    handled.set(0);
    List<byte[]> sessions = openWire.recorded();
    try (Socket socket = new Socket("127.0.0.1", openWire.address().port())) {
      socket.getOutputStream().write(sessions.getFirst());
      while (handled.get() < 1) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aCallThatIsLedToAnotherNodeOfTheClusterIsRefused() throws Exception {
    NettyTransport three = nodes.start(3);
    three.serve((peer, request) -> new byte[] {3});
    nodes.addresses.put(2, three.address());
    KvException e = assertThrows(KvException.Retryable.class, () -> caller.call(2, new byte[1], LONG));
    assertTrue(e.getMessage().contains("node 2 was called, and node 3 has answered"), e.getMessage());
    assertEquals(3, caller.call(3, new byte[1], LONG)[0], "the control");
  }
}
