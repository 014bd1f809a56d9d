package org.treatydb.dist.channel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.dist.channel.Nodes.LONG;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.identity.CertificateAuthority;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/** Whoever is not a node of this cluster, or not the one that was meant, is refused, by the called end and by the calling one. */
class ImpostorTest {

  private static final Transport.Handler ECHO = (peer, request) -> request;
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);

  private final Nodes nodes = new Nodes();
  private final CertificateAuthority foreign = CertificateAuthority.create(new SystemEntropy(), nodes.clock);

  @AfterEach
  void stop() throws Exception {
    nodes.close();
  }

  private Endpoint serving(int node) {
    return serving(nodes.identity(node));
  }

  private Endpoint serving(NodeIdentity identity) {
    NettyTransport transport = nodes.start(identity, nodes.check(), Nodes.LIMITS);
    transport.serve(ECHO);
    return transport.address();
  }

  private static String refusal(Transport caller, int called) {
    KvException e = assertThrows(KvException.Retryable.class, () -> caller.call(called, new byte[1], LONG));
    assertEquals(ErrorCode.NODE_UNREACHABLE, e.code());
    return e.getMessage();
  }

  private static void assertAnswers(Transport caller, int called) {
    assertEquals(1, caller.call(called, new byte[1], LONG).length, "the control");
  }

  /** Checks as nodes do, by a clock that goes ahead of theirs. */
  private CertificateCheck checkAhead(long aheadMillis) {
    Clock ahead = new Clock() {
      private final Clock machine = new SystemClock();

      @Override
      public long currentTimeMillis() {
        return machine.currentTimeMillis() + aheadMillis;
      }

      @Override
      public long nanoTime() {
        return machine.nanoTime();
      }

      @Override
      public void parkUntil(Object blocker, long deadlineNanos) {
        machine.parkUntil(blocker, deadlineNanos);
      }
    };
    return CertificateCheck.pinned(nodes.authority.certificate(), ahead, (node, serial) -> false);
  }

  @Test
  void aCallerFromAnotherClusterIsRefused() throws Exception {
    Endpoint two = serving(2);
    assertFalse(RawTls.with(nodes.identity(1, foreign, HOUR)).isLetIn(two));
    assertTrue(RawTls.with(nodes.identity(1)).isLetIn(two), "the control");
  }

  @Test
  void aNodeOfAnotherClusterIsNotCalled() {
    NettyTransport one = nodes.start(1);
    serving(nodes.identity(2, foreign, HOUR));
    assertTrue(refusal(one, 2).contains("another authority"));
    serving(2);
    assertAnswers(one, 2);
  }

  @Test
  void aCallerWhoseCertificateHasExpiredIsRefused() throws Exception {
    NettyTransport late = nodes.start(nodes.identity(2, nodes.authority, 3 * HOUR), checkAhead(2 * HOUR), Nodes.LIMITS);
    late.serve(ECHO);
    assertFalse(RawTls.with(nodes.identity(1)).isLetIn(late.address()));
    assertTrue(RawTls.with(nodes.identity(1, nodes.authority, 3 * HOUR)).isLetIn(late.address()), "the control");
  }

  @Test
  void aNodeWhoseCertificateHasExpiredIsNotCalled() {
    NettyTransport late = nodes.start(nodes.identity(1), checkAhead(2 * HOUR), Nodes.LIMITS);
    serving(2);
    assertTrue(refusal(late, 2).contains("NotAfter"));
    serving(nodes.identity(2, nodes.authority, 3 * HOUR));
    assertAnswers(nodes.start(1), 2);
  }

  @Test
  void aRevokedCallerIsRefusedAndItsConnectionEnds() {
    NodeIdentity identity = nodes.identity(1);
    NettyTransport one = nodes.start(identity, nodes.check(), Nodes.LIMITS);
    NettyTransport two = nodes.start(2);
    two.serve(ECHO);
    assertAnswers(one, 2);
    nodes.revoked.add(identity.certificate().getSerialNumber().longValueExact());
    assertAnswers(one, 2);
    two.recheck();
    for (int i = 0; i < 3; i++) {
      refusal(one, 2);
    }
    one.replaceIdentity(nodes.identity(1));
    assertAnswers(one, 2);
  }

  @Test
  void aRevokedNodeIsNotCalledAndItsConnectionEnds() {
    NodeIdentity identity = nodes.identity(2);
    NettyTransport one = nodes.start(1);
    serving(identity);
    assertAnswers(one, 2);
    nodes.revoked.add(identity.certificate().getSerialNumber().longValueExact());
    assertAnswers(one, 2);
    one.recheck();
    while (!refusal(one, 2).contains("has been revoked")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void everyConnectionIsAFullHandshake() throws Exception {
    EventLoops jdk = nodes.closing(new EventLoops(1, new DefaultThreadFactory("jdk", true), false));
    EventLoops best = nodes.loops();
    assertFalse(jdk.tls() == best.tls());
    for (EventLoops loops : List.of(jdk, best)) {
      CallServer server =
          nodes.closing(new CallServer(nodes.identity(2), nodes.check(), false, Nodes.ANY_PORT, loops, Nodes.LIMITS));
      server.serve(ECHO);
      RawTls caller = RawTls.with(nodes.identity(1));
      for (int i = 1; i <= 3; i++) {
        assertTrue(caller.isLetIn(server.address()));
        assertEquals(i, caller.shown(), loops.tls().name());
      }
    }
  }

  @Test
  void aSessionIsNotResumedAfterItsCertificateWasRevoked() throws Exception {
    NodeIdentity identity = nodes.identity(1);
    Endpoint two = serving(2);
    RawTls caller = RawTls.with(identity);
    assertTrue(caller.isLetIn(two));
    nodes.revoked.add(identity.certificate().getSerialNumber().longValueExact());
    assertFalse(caller.isLetIn(two));
  }

  @Test
  void whoShowsNoCertificateIsRefusedByNodes() throws Exception {
    Endpoint two = serving(2);
    assertFalse(RawTls.withNothing().isLetIn(two));
    CallServer cas = nodes.closing(new CallServer(nodes.authority.serverIdentity(List.of("cas"), HOUR), nodes.check(), true,
        Nodes.ANY_PORT, nodes.loops(), ChannelLimits.STRANGERS));
    cas.serve(ECHO);
    assertTrue(RawTls.withNothing().isLetIn(cas.address()), "the control");
  }

  @Test
  void whoShowsABadCertificateIsRefusedWhereNoneIsNeeded() throws Exception {
    CallServer cas = nodes.closing(new CallServer(nodes.authority.serverIdentity(List.of("cas"), HOUR), nodes.check(), true,
        Nodes.ANY_PORT, nodes.loops(), ChannelLimits.STRANGERS));
    cas.serve(ECHO);
    assertFalse(RawTls.with(nodes.identity(1, foreign, HOUR)).isLetIn(cas.address()));
  }

  @Test
  void aStolenCertificateIsWorthNothingWithoutItsKey() throws Exception {
    Endpoint two = serving(2);
    NodeIdentity owner = nodes.identity(1);
    NodeIdentity thief = nodes.identity(3, foreign, HOUR);
    assertFalse(RawTls.with(thief.privateKey(), owner.certificate(), "TLSv1.3").isLetIn(two));
    assertTrue(RawTls.with(owner.privateKey(), owner.certificate(), "TLSv1.3").isLetIn(two), "the control");
  }

  @Test
  void olderVersionsOfTlsAreRefused() throws Exception {
    Endpoint two = serving(2);
    NodeIdentity one = nodes.identity(1);
    assertTrue(List.of(SSLContext.getDefault().getSupportedSSLParameters().getProtocols()).contains("TLSv1.2"));
    assertFalse(RawTls.with(one.privateKey(), one.certificate(), "TLSv1.2").isLetIn(two));
    assertTrue(RawTls.with(one.privateKey(), one.certificate(), "TLSv1.3").isLetIn(two), "the control");
  }

  @Test
  void whoSpeaksWithoutTlsIsCutOff() throws Exception {
    Endpoint two = serving(2);
    EventLoops loops = nodes.loops();
    CallClient open = nodes.closing(new CallClient("node 2", () -> two, NoProtection::new, loops, Nodes.LIMITS, nodes.clock));
    try (Socket socket = new Socket(two.host(), two.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: node-2\r\n\r\n".getBytes(US_ASCII));
      int length = 0;
      while (socket.getInputStream().read() >= 0) {
        length++;
      }
      assertTrue(length < 20, length + " bytes, where an alert is enough");
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("reset"), e.getMessage());
    }
    assertThrows(KvException.Retryable.class, () -> open.call(new byte[1], TimeUnit.SECONDS.toNanos(1)));
  }

  @Test
  void aServerThatIsNoNodeCannotAnswerForOne() {
    NettyTransport one = nodes.start(1);
    CallServer cas = nodes.closing(new CallServer(nodes.authority.serverIdentity(List.of("cas"), HOUR), nodes.check(), true,
        Nodes.ANY_PORT, nodes.loops(), ChannelLimits.STRANGERS));
    cas.serve(ECHO);
    nodes.addresses.put(2, cas.address());
    assertTrue(refusal(one, 2).contains("not a node's"));
  }

  private CallClient callerOf(String server, Endpoint where) {
    return nodes.closing(CallClient.toServer(
        server, () -> where, Optional.empty(), nodes.check(), nodes.loops(), ChannelLimits.STRANGERS, nodes.clock));
  }

  private CallServer server(CertificateAuthority issuer, String name) {
    CallServer server = nodes.closing(new CallServer(issuer.serverIdentity(List.of(name), HOUR), nodes.check(), true, Nodes.ANY_PORT,
        nodes.loops(), ChannelLimits.STRANGERS));
    server.serve(ECHO);
    return server;
  }

  @Test
  void nobodyButTheServerThatIsMeantIsTakenForIt() {
    long timeoutNanos = LONG;
    CallClient ofNode = callerOf("cas", serving(2));
    CallClient ofJdbc = callerOf("cas", server(nodes.authority, "db.example.org").address());
    CallClient ofForeign = callerOf("cas", server(foreign, "cas").address());
    for (CallClient client : List.of(ofNode, ofJdbc, ofForeign)) {
      assertThrows(KvException.Retryable.class, () -> client.call(new byte[1], timeoutNanos));
    }
    assertEquals(1, callerOf("cas", server(nodes.authority, "cas").address()).call(new byte[1], timeoutNanos).length, "the control");
  }
}
