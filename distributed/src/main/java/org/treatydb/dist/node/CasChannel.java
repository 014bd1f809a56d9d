package org.treatydb.dist.node;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.channel.CallClient;
import org.treatydb.dist.channel.ChannelLimits;
import org.treatydb.dist.channel.EventLoops;
import org.treatydb.dist.enclave.cas.CasClient;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.kv.boundary.Clock;

/** A node's connection to the configuration and attestation service, which it knows by the cluster's authority. Thread-safe. */
public final class CasChannel implements AutoCloseable {

  private static final long CALL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final CallClient channel;
  private final CasClient client;

  /**
   * A channel; it connects when it is first used.
   *
   * @param authority the trust anchor (DER)
   * @param identity what the node shows; empty before it has joined
   */
  public CasChannel(Endpoint cas, byte[] authority, Optional<NodeIdentity> identity, EventLoops loops, Clock clock) {
    // The service's certificate lasts as long as its process: there is nothing to revoke but the authority itself.
    CertificateCheck servers = CertificateCheck.pinned(authority, clock, (node, serial) -> false);
    this.channel = CallClient.toServer(CasServer.NAME, () -> cas, identity, servers, loops, ChannelLimits.STRANGERS, clock);
    this.client = new CasClient(request -> channel.call(request, CALL_NANOS));
  }

  public CasClient client() {
    return client;
  }

  @Override
  public void close() {
    channel.close();
  }
}
