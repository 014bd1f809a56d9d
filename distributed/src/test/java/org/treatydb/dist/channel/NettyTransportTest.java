package org.treatydb.dist.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.dist.channel.Nodes.LONG;
import static org.treatydb.dist.channel.Nodes.SECOND;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

class NettyTransportTest {

  private static final Transport.Handler ECHO = (peer, request) -> request;

  private final Nodes nodes = new Nodes();
  private final ExecutorService threads = nodes.closing(Executors.newVirtualThreadPerTaskExecutor());

  @AfterEach
  void stop() throws Exception {
    nodes.close();
  }

  private static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String unreachable(Callable<?> call) {
    KvException e = assertThrows(KvException.Retryable.class, call::call);
    assertEquals(ErrorCode.NODE_UNREACHABLE, e.code());
    return e.getMessage();
  }

  private static ChannelLimits limits(int callsMax, int handlersMax, int handshakeMillis) {
    return new ChannelLimits(1 << 20, callsMax, 1 << 20, handlersMax, 64, handshakeMillis, 1, 20, 10_000);
  }

  @Test
  void aCallReachesTheNodeThatWasCalledAndItsReplyComesBack() {
    NettyTransport one = nodes.start(1);
    nodes.start(2).serve((peer, request) -> (new String(request, UTF_8) + " from " + peer.node()).getBytes(UTF_8));
    assertEquals("hello from 1", new String(one.call(2, "hello".getBytes(UTF_8), LONG), UTF_8));
  }

  @Test
  void itWorksOnTheJdksSocketsToo() {
    EventLoops nio = nodes.closing(new EventLoops(1, new DefaultThreadFactory("nio", true), false));
    CallServer server = nodes.closing(new CallServer(nodes.authority.serverIdentity(List.of("cas"), 60_000), nodes.check(), true,
        Nodes.ANY_PORT, nio, Nodes.LIMITS));
    server.serve(ECHO);
    CallClient client = nodes.closing(
        CallClient.toServer("cas", server::address, Optional.empty(), nodes.check(), nio, Nodes.LIMITS, nodes.clock));
    assertArrayEquals(bytes(100_000, 1), client.call(bytes(100_000, 1), LONG));
  }

  @Test
  void messagesOfEveryLengthPass() {
    NettyTransport one = nodes.start(1);
    nodes.start(2).serve(ECHO);
    int part = FrameCodec.PAYLOAD_BYTES_MAX;
    for (int length : new int[] {0, 1, 100, part - 4, part - 1, part, part + 1, 2 * part - 4, 2 * part - 3, 3 * part, 5_000_000}) {
      byte[] request = bytes(length, length);
      assertArrayEquals(request, one.call(2, request, LONG), length + " bytes");
    }
  }

  @Test
  void theLongestMessagePassesAndNoLongerOne() {
    NettyTransport one = nodes.start(1);
    nodes.start(2).serve((peer, request) -> request.length == 1 ? new byte[Transport.MESSAGE_BYTES_MAX + 1] : request);
    byte[] longest = bytes(Transport.MESSAGE_BYTES_MAX, 1);
    assertArrayEquals(longest, one.call(2, longest, LONG));
    KvException e = assertThrows(KvException.InvalidRequest.class, () -> one.call(2, new byte[longest.length + 1], LONG));
    assertEquals(ErrorCode.LIMIT_EXCEEDED, e.code());
    unreachable(() -> one.call(2, new byte[1], LONG));
    assertEquals(2, one.call(2, new byte[2], LONG).length);
  }

  @Test
  void callsToItselfDoNotLeaveTheNode() {
    NettyTransport one = nodes.start(1);
    assertTrue(unreachable(() -> one.call(1, new byte[1], LONG)).contains("yet"));
    byte[] request = new byte[3];
    one.serve((peer, own) -> peer.node() == 1 && Thread.currentThread() == caller ? own : null);
    caller = Thread.currentThread();
    nodes.addresses.remove(1);
    assertSame(request, one.call(1, request, LONG));
    one.close();
    assertTrue(unreachable(() -> one.call(1, request, LONG)).contains("any more"));
  }

  private volatile Thread caller;

  @Test
  void aThousandCallsShareOneConnectionAndEachGetsItsOwnReply() throws Exception {
    NettyTransport one = nodes.start(1);
    CountDownLatch allThere = new CountDownLatch(1000);
    nodes.start(2).serve((peer, request) -> {
      allThere.countDown();
      await(allThere);
      return request;
    });
    List<Future<byte[]>> replies = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      byte[] request = bytes(1 + i % 200, i);
      replies.add(threads.submit(() -> one.call(2, request, LONG)));
    }
    for (int i = 0; i < 1000; i++) {
      assertArrayEquals(bytes(1 + i % 200, i), replies.get(i).get());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aSlowRequestHoldsUpNoOther() throws Exception {
    NettyTransport one = nodes.start(1);
    CountDownLatch go = new CountDownLatch(1);
    nodes.start(2).serve((peer, request) -> {
      if (request.length == 0) {
        await(go);
      }
      return request;
    });
    Future<byte[]> slow = threads.submit(() -> one.call(2, new byte[0], LONG));
    for (int i = 1; i < 100; i++) {
      assertEquals(i, one.call(2, new byte[i], LONG).length);
    }
    assertFalse(slow.isDone());
    go.countDown();
    assertEquals(0, slow.get().length);
  }

  @Test
  void shortMessagesOvertakeLongOnes() throws Exception {
    NettyTransport one = nodes.start(1);
    AtomicInteger shorts = new AtomicInteger();
    nodes.start(2).serve((peer, request) -> request.length > 100 ? new byte[] {(byte) Math.min(100, shorts.get())}
        : new byte[] {(byte) shorts.incrementAndGet()});
    one.call(2, new byte[1], LONG);
    Future<byte[]> longOne = threads.submit(() -> one.call(2, new byte[64 << 20], LONG));
    int overtaken = 0;
    while (!longOne.isDone() && overtaken < 20) {
      one.call(2, new byte[1], LONG);
      overtaken++;
    }
    assertTrue(longOne.get()[0] > 1, "no short message has come before a long one ended");
  }

  @Test
  void aCallWithoutAReplyEndsAtItsDeadlineAndTheConnectionGoesOn() {
    NettyTransport one = nodes.start(1);
    CountDownLatch go = new CountDownLatch(1);
    nodes.start(2).serve((peer, request) -> {
      if (request.length == 0) {
        await(go);
      }
      return request;
    });
    one.call(2, new byte[1], LONG);
    assertTrue(unreachable(() -> one.call(2, new byte[0], SECOND / 20)).contains("no reply within 50 ms"));
    go.countDown();
    assertEquals(7, one.call(2, new byte[7], LONG).length, "the late reply is nobody else's");
  }

  @Test
  void callsBeyondTheBoundWaitUntilTheirDeadline() throws Exception {
    Semaphore go = new Semaphore(0);
    AtomicInteger handled = new AtomicInteger();
    NettyTransport one = nodes.start(nodes.identity(1), nodes.check(), limits(2, 100, 20_000));
    nodes.start(2).serve((peer, request) -> {
      handled.incrementAndGet();
      go.acquireUninterruptibly();
      return request;
    });
    List<Future<byte[]>> two =
        List.of(threads.submit(() -> one.call(2, new byte[1], LONG)), threads.submit(() -> one.call(2, new byte[2], LONG)));
    while (handled.get() < 2) {
      Thread.onSpinWait();
    }
    assertTrue(unreachable(() -> one.call(2, new byte[3], SECOND / 20)).contains("too many calls"));
    assertEquals(2, handled.get());
    Future<byte[]> third = threads.submit(() -> one.call(2, new byte[4], LONG));
    go.release(3);
    assertEquals(4, third.get().length);
    assertEquals(1, two.get(0).get().length);
    assertEquals(2, two.get(1).get().length);
  }

  @Test
  void aNodeHandlesNoMoreOfOnePeersRequestsAtOnceThanItsBound() throws Exception {
    NettyTransport one = nodes.start(1);
    NettyTransport three = nodes.start(3);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Semaphore go = new Semaphore(0);
    nodes.start(nodes.identity(2), nodes.check(), limits(10_000, 4, 20_000)).serve((peer, request) -> {
      if (peer.node() == 3) {
        return request;
      }
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      go.acquireUninterruptibly();
      now.decrementAndGet();
      return request;
    });
    List<Future<byte[]>> replies = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      byte[] request = bytes(1000, i);
      replies.add(threads.submit(() -> one.call(2, request, LONG)));
    }
    while (now.get() < 4) {
      Thread.onSpinWait();
    }
    assertEquals(5, three.call(2, new byte[5], LONG).length, "one peer's requests hold up another's");
    go.release(500);
    for (int i = 0; i < 500; i++) {
      assertArrayEquals(bytes(1000, i), replies.get(i).get());
    }
    assertEquals(4, most.get());
  }

  @Test
  void whatAHandlerThrowsClosesTheConnectionAndTheNextCallMakesAnother() {
    NettyTransport one = nodes.start(1);
    nodes.start(2).serve((peer, request) -> {
      if (request.length == 0) {
        throw new IllegalStateException("for the test");
      }
      return request;
    });
    assertTrue(unreachable(() -> one.call(2, new byte[0], LONG)).contains("connection"));
    assertEquals(1, one.call(2, new byte[1], LONG).length);
  }

  @Test
  void aLostConnectionFailsItsCallsAtOnce() throws Exception {
    NettyTransport one = nodes.start(1);
    NettyTransport two = nodes.start(2);
    CountDownLatch there = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    two.serve((peer, request) -> {
      there.countDown();
      await(go);
      return request;
    });
    CompletableFuture<String> failure = CompletableFuture.supplyAsync(() -> unreachable(() -> one.call(2, new byte[1], LONG)), threads);
    await(there);
    Future<?> closing = threads.submit(two::close);
    assertTrue(failure.get().contains("closed"));
    go.countDown();
    closing.get();
    assertTrue(unreachable(() -> one.call(2, new byte[1], LONG)).contains("no connection"));
  }

  @Test
  void aNodeThatHasRestartedIsFoundAgainAtItsNewPlace() {
    NettyTransport one = nodes.start(1);
    NettyTransport two = nodes.start(2);
    two.serve(ECHO);
    assertEquals(1, one.call(2, new byte[1], LONG).length);
    two.close();
    unreachable(() -> one.call(2, new byte[1], LONG));
    nodes.start(2).serve(ECHO);
    assertEquals(1, one.call(2, new byte[1], LONG).length);
  }

  @Test
  void aNodeThatDoesNotServeYetLetsNobodyIn() {
    NettyTransport one = nodes.start(nodes.identity(1), nodes.check(), limits(10, 10, 1000));
    NettyTransport two = nodes.start(2);
    unreachable(() -> one.call(2, new byte[1], LONG));
    two.serve(ECHO);
    assertEquals(1, one.call(2, new byte[1], LONG).length);
  }

  @Test
  void whoeverListensAndSaysNothingIsGivenUp() throws Exception {
    NettyTransport one = nodes.start(nodes.identity(1), nodes.check(), limits(10, 10, 100));
    try (ServerSocket silent = new ServerSocket(0)) {
      nodes.addresses.put(2, new Endpoint("127.0.0.1", silent.getLocalPort()));
      assertTrue(unreachable(() -> one.call(2, new byte[1], LONG)).contains("100"));
    }
  }

  @Test
  void closingEndsTheCallsUnderWayAndRefusesNewOnes() throws Exception {
    NettyTransport one = nodes.start(1);
    CountDownLatch there = new CountDownLatch(100);
    CountDownLatch go = new CountDownLatch(1);
    nodes.start(2).serve((peer, request) -> {
      there.countDown();
      await(go);
      return request;
    });
    List<Future<String>> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      calls.add(threads.submit(() -> unreachable(() -> one.call(2, new byte[1], LONG))));
    }
    await(there);
    one.close();
    for (Future<String> call : calls) {
      assertTrue(call.get().contains("closed"));
    }
    go.countDown();
    assertTrue(unreachable(() -> one.call(2, new byte[1], LONG)).contains("closed"));
  }

  @Test
  void aNodeThatIsUnknownCannotBeCalled() {
    NettyTransport one = nodes.start(1);
    assertTrue(unreachable(() -> one.call(9, new byte[1], LONG)).contains("no node 9"));
    assertTrue(unreachable(() -> one.call(0, new byte[1], LONG)).contains("no node 0"));
  }

  @Test
  void aNodeThatHasLeftTheClusterIsNotLookedForAnyMore() throws Exception {
    NettyTransport one = nodes.start(1);
    NettyTransport two = nodes.start(2);
    two.serve(ECHO);
    assertEquals(1, one.call(2, new byte[1], LONG).length);
    nodes.addresses.remove(2);
    two.close();
    unreachable(() -> one.call(2, new byte[1], LONG));
    unreachable(() -> one.call(2, new byte[1], LONG));
  }

  @Test
  void aClosedNodeCallsNobodyAndIsServedByNobodyElse() {
    NettyTransport one = nodes.start(1);
    NettyTransport two = nodes.start(2);
    two.serve(ECHO);
    assertThrows(IllegalStateException.class, () -> two.serve(ECHO), "a node is served once");
    one.close();
    unreachable(() -> one.call(2, new byte[1], LONG));
    unreachable(() -> one.call(1, new byte[1], LONG));
  }

  @Test
  void aRenewedCertificateIsShownOnNewConnectionsAndNoCallIsLost() throws Exception {
    NodeIdentity old = nodes.identity(1);
    NettyTransport one = nodes.start(old, nodes.check(), Nodes.LIMITS);
    NettyTransport two = nodes.start(2);
    CountDownLatch there = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    two.serve((peer, request) -> {
      if (request.length == 0) {
        there.countDown();
        await(go);
      }
      return request;
    });
    Future<byte[]> underWay = threads.submit(() -> one.call(2, new byte[0], LONG));
    await(there);
    one.replaceIdentity(nodes.identity(1));
    assertEquals(1, one.call(2, new byte[1], LONG).length);
    go.countDown();
    assertEquals(0, underWay.get().length);
    nodes.revoked.add(old.certificate().getSerialNumber().longValueExact());
    two.recheck();
    assertEquals(1, one.call(2, new byte[1], LONG).length);
    NodeIdentity other = nodes.identity(3);
    assertThrows(IllegalArgumentException.class, () -> one.replaceIdentity(other));
  }

  @Test
  void aPortThatIsTakenIsSaidSo() {
    NettyTransport one = nodes.start(1);
    NodeIdentity identity = nodes.identity(2);
    CertificateCheck check = nodes.check();
    KvException e = assertThrows(KvException.Unavailable.class, () -> new NettyTransport(identity, check, one.address(),
        nodes.addresses::get, 1, Nodes.LIMITS, nodes.clock, new DefaultThreadFactory("test", true)));
    assertTrue(e.getMessage().contains("cannot listen at 127.0.0.1:"));
  }

  @Test
  void strangersAreServedOnlyWhereThatIsWanted() {
    EventLoops loops = nodes.loops();
    CallServer server = nodes.closing(new CallServer(
        nodes.authority.serverIdentity(List.of("cas"), 60_000), nodes.check(), true, Nodes.ANY_PORT, loops, ChannelLimits.STRANGERS));
    server.serve((peer, request) -> new byte[] {(byte) peer.node()});
    CallClient stranger = nodes.closing(CallClient.toServer(
        "cas", server::address, Optional.empty(), nodes.check(), loops, ChannelLimits.STRANGERS, nodes.clock));
    CallClient node = nodes.closing(CallClient.toServer(
        "cas", server::address, Optional.of(nodes.identity(3)), nodes.check(), loops, ChannelLimits.STRANGERS, nodes.clock));
    assertEquals(Peer.ANONYMOUS, stranger.call(new byte[1], LONG)[0]);
    assertEquals(3, node.call(new byte[1], LONG)[0]);
  }
}
