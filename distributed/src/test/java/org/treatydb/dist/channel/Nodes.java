package org.treatydb.dist.channel;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.identity.CertificateAuthority;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.IdentityKey;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/** Nodes of one cluster in one process, over real sockets on this machine. */
final class Nodes {

  static final Endpoint ANY_PORT = new Endpoint("127.0.0.1", 0);
  static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  /** For what must happen, on however slow a machine. */
  static final long LONG = 60 * SECOND;
  static final ChannelLimits LIMITS = new ChannelLimits(Transport.MESSAGE_BYTES_MAX, 4096, 200 << 20, 2048, 64, 20_000, 1, 20, 10_000);

  final Clock clock = new SystemClock();
  final CertificateAuthority authority = CertificateAuthority.create(new SystemEntropy(), clock);
  final Set<Long> revoked = ConcurrentHashMap.newKeySet();
  final Map<Integer, Endpoint> addresses = new ConcurrentHashMap<>();
  private final AtomicLong lastSerial = new AtomicLong();
  private final List<AutoCloseable> open = new ArrayList<>();

  CertificateCheck check() {
    return CertificateCheck.pinned(authority.certificate(), clock, (node, serial) -> revoked.contains(serial.longValueExact()));
  }

  NodeIdentity identity(int node) {
    return identity(node, authority, TimeUnit.HOURS.toMillis(1));
  }

  NodeIdentity identity(int node, CertificateAuthority issuer, long validityMillis) {
    IdentityKey key = IdentityKey.create(new SystemEntropy());
    try {
      byte[] certificate =
          issuer.issueNode(node, lastSerial.incrementAndGet(), key.request(), new byte[32], new byte[16], "software", validityMillis);
      return NodeIdentity.of(key, certificate, issuer.certificate());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  NettyTransport start(int node) {
    return start(identity(node), check(), LIMITS);
  }

  NettyTransport start(NodeIdentity identity, CertificateCheck check, ChannelLimits limits) {
    NettyTransport transport =
        new NettyTransport(identity, check, ANY_PORT, addresses::get, 1, limits, clock, new DefaultThreadFactory("test", true));
    addresses.put(identity.node(), transport.address());
    return closing(transport);
  }

  EventLoops loops() {
    return closing(new EventLoops(1, new DefaultThreadFactory("test", true)));
  }

  /** Is closed with the nodes. */
  <T extends AutoCloseable> T closing(T part) {
    open.addFirst(part);
    return part;
  }

  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }
}
