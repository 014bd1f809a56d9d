package org.treatydb.dist.channel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntFunction;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;

/**
 * {@link Transport} over TLS 1.3: one connection to each node that is called, one from each node that calls. Where a node is counts for
 * nothing: the called end must show the certificate of exactly the node that was called.
 */
public final class NettyTransport implements Transport {

  private final int node;
  private final CertificateCheck nodes;
  private final IntFunction<Endpoint> addresses;
  private final EventLoops loops;
  private final ChannelLimits limits;
  private final Clock clock;
  private final CallServer server;
  private final Map<Integer, CallClient> clients = new ConcurrentHashMap<>();
  private volatile NodeIdentity identity;
  private volatile Handler handler;
  private volatile boolean closed;

  /**
   * Takes the port; lets nobody in before {@link #serve}.
   *
   * @param identity of this node
   * @param nodes checks the others
   * @param listen where this node serves; port 0: any that is free
   * @param addresses where a node is, asked each time a connection is made; null if there is no such node
   * @param eventLoopsMax threads for reading, writing and encrypting
   */
  public NettyTransport(NodeIdentity identity, CertificateCheck nodes, Endpoint listen, IntFunction<Endpoint> addresses, int eventLoopsMax,
      ChannelLimits limits, Clock clock, ThreadFactory threads) {
    this.node = identity.node();
    this.identity = identity;
    this.nodes = nodes;
    this.addresses = addresses;
    this.limits = limits;
    this.clock = clock;
    this.loops = new EventLoops(eventLoopsMax, threads);
    try {
      this.server = new CallServer(identity, nodes, false, listen, loops, limits);
    } catch (RuntimeException e) {
      loops.close();
      throw e;
    }
  }

  /** Where this node serves. */
  public Endpoint address() {
    return server.address();
  }

  /** A request to this node itself is handled at once, on the calling thread; what its handler throws is thrown. */
  @Override
  public byte[] call(int called, byte[] request, long timeoutNanos) {
    if (called != node) {
      return client(called).call(request, timeoutNanos);
    }
    Handler own = handler;
    if (own == null || closed) {
      throw new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, "node " + node + " serves no requests " + (closed ? "any more" : "yet"));
    }
    return own.handle(new Peer(node), request);
  }

  private CallClient client(int called) {
    CallClient client = clients.get(called);
    if (client != null) {
      return client;
    }
    if (called < 1 || addresses.apply(called) == null) {
      throw new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, "there is no node " + called);
    }
    client = clients.computeIfAbsent(called, id -> new CallClient(
        "node " + id, () -> address(id), () -> Tls.toNode(id, identity, nodes, loops, limits), loops, limits, clock));
    if (closed) {
      client.close();
    }
    return client;
  }

  private Endpoint address(int called) {
    Endpoint address = addresses.apply(called);
    if (address == null) {
      throw new IllegalStateException("there is no such node any more");
    }
    return address;
  }

  @Override
  public void serve(Handler requests) {
    handler = requests;
    server.serve(requests);
  }

  /** From now on, new connections are made and taken with this identity of the same node; calls move to them. */
  public void replaceIdentity(NodeIdentity renewed) {
    if (renewed.node() != node) {
      throw new IllegalArgumentException("node " + node + " cannot become node " + renewed.node());
    }
    identity = renewed;
    server.replaceIdentity(renewed);
    clients.values().forEach(CallClient::renew);
  }

  /** What new connections are made and taken with. */
  public NodeIdentity identity() {
    return identity;
  }

  /** Ends the connections to and from nodes whose certificates have expired, or have been revoked since they were made. */
  public void recheck() {
    server.recheck();
    clients.values().forEach(CallClient::recheck);
  }

  @Override
  public void close() {
    closed = true;
    clients.values().forEach(CallClient::close);
    server.close();
    loops.close();
  }
}
