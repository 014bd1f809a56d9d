package org.treatydb.dist.node;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.channel.CallServer;
import org.treatydb.dist.channel.ChannelLimits;
import org.treatydb.dist.channel.EventLoops;
import org.treatydb.dist.enclave.cas.CasService;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;

/**
 * The configuration and attestation service on its port. Whoever knows the cluster's authority knows it by a certificate for {@value #NAME}
 * of that authority; it serves nodes with their certificates and, so that they can join, strangers. Thread-safe.
 */
public final class CasServer implements AutoCloseable {

  /** What its certificate calls it. */
  static final String NAME = "cas";

  private static final long IDENTITY_MILLIS = TimeUnit.DAYS.toMillis(3650);

  private final CasService service;
  private final EventLoops loops;
  private final CallServer server;

  /**
   * Begins to serve.
   *
   * @param store the service's state; stays open when this is closed
   * @param listen where; port 0: any that is free
   * @throws org.treatydb.kv.api.KvException.Unavailable if there is no cluster in the store, or the port cannot be had
   */
  public CasServer(KvStore store, Endpoint listen, Clock clock, Entropy entropy) {
    service = new CasService(store, clock, entropy);
    NodeIdentity identity = service.authority().serverIdentity(List.of(NAME), IDENTITY_MILLIS);
    CertificateCheck nodes = CertificateCheck.pinned(service.authority().certificate(), clock, service);
    loops = new EventLoops(1, Thread.ofPlatform().daemon().name("treaty-cas-", 0).factory());
    try {
      server = new CallServer(identity, nodes, true, listen, loops, ChannelLimits.STRANGERS);
    } catch (RuntimeException e) {
      loops.close();
      throw e;
    }
    server.serve(service);
  }

  /** Where it listens. */
  public Endpoint address() {
    return server.address();
  }

  /** Cuts off the nodes that have been shut out. */
  public void recheck() {
    server.recheck();
  }

  @Override
  public void close() {
    try {
      server.close();
    } finally {
      loops.close();
    }
  }
}
