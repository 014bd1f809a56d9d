package org.treatydb.dist.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * Serves calls of nodes, and of strangers where that is wanted: each request on a virtual thread of its own, a bounded number of each
 * peer's at once. Thread-safe.
 */
public final class CallServer implements AutoCloseable {

  private static final int CLOSE_SECONDS_MAX = 5;

  private final ChannelLimits limits;
  private final boolean strangers;
  private final CertificateCheck nodes;
  private final EventLoops loops;
  private final int node;
  private final Channel listener;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final Map<Integer, PeerLoad> loads = new ConcurrentHashMap<>();
  private final ExecutorService handlers = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request").factory());
  private final AtomicBoolean serving = new AtomicBoolean();
  private volatile Security security;
  private volatile Transport.Handler handler;

  /**
   * Takes the port, and lets nobody in before {@link #serve}.
   *
   * @param identity what we show
   * @param nodes checks what callers show
   * @param strangers whether those who show nothing are served, as {@link Peer#ANONYMOUS}
   * @param listen where; port 0: any that is free
   * @throws KvException.Unavailable if the port cannot be had
   */
  public CallServer(
      NodeIdentity identity, CertificateCheck nodes, boolean strangers, Endpoint listen, EventLoops loops, ChannelLimits limits) {
    this(Tls.server(identity, nodes, strangers, loops, limits), nodes, strangers, identity.node(), listen, loops, limits);
  }

  CallServer(Security security, CertificateCheck nodes, boolean strangers, int node, Endpoint listen, EventLoops loops,
      ChannelLimits limits) {
    this.security = security;
    this.nodes = nodes;
    this.strangers = strangers;
    this.node = node;
    this.loops = loops;
    this.limits = limits;
    var bound = loops.server(limits).childHandler(new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        accepted(channel);
      }
    }).bind(new InetSocketAddress(listen.host(), listen.port())).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new KvException.Unavailable(
          ErrorCode.IO_FAILURE, "cannot listen at " + listen + ": " + bound.cause().getMessage(), bound.cause());
    }
    this.listener = bound.channel();
  }

  private void accepted(Channel channel) {
    if (connections.size() >= limits.connectionsMax() || !connections.add(channel)) {
      channel.close();
      return;
    }
    Security used = security;
    used.protect(channel, channel.pipeline());
    channel.pipeline().addLast(FrameCodec.cutter(), new ServerConnection(channel, used, this));
  }

  /** Where it listens, with the port that was free if any was wanted. */
  public Endpoint address() {
    InetSocketAddress address = (InetSocketAddress) listener.localAddress();
    return new Endpoint(address.getAddress().getHostAddress(), address.getPort());
  }

  /** Begins to serve. Called once. */
  public void serve(Transport.Handler requests) {
    if (!serving.compareAndSet(false, true)) {
      throw new IllegalStateException("it serves already");
    }
    handler = requests;
    listener.config().setAutoRead(true);
  }

  /** New connections are shown this from now on. */
  public void replaceIdentity(NodeIdentity identity) {
    security = Tls.server(identity, nodes, strangers, loops, limits);
  }

  /** Ends the connections of those who would not be let in any more: their certificates have expired, or have been revoked. */
  public void recheck() {
    for (Channel channel : connections) {
      channel.eventLoop().execute(() -> {
        ServerConnection connection = channel.pipeline().get(ServerConnection.class);
        if (connection != null) {
          connection.recheck();
        }
      });
    }
  }

  ChannelLimits limits() {
    return limits;
  }

  int node() {
    return node;
  }

  Transport.Handler handler() {
    return handler;
  }

  PeerLoad load(Peer peer) {
    return peer.node() == Peer.ANONYMOUS
        ? new PeerLoad(limits.handlersMax())
        : loads.computeIfAbsent(peer.node(), id -> new PeerLoad(limits.handlersMax()));
  }

  /** Fails with {@link RejectedExecutionException} once it is closed. */
  void handle(Runnable request) {
    handlers.execute(request);
  }

  /** Lets nobody in any more, cuts everybody off, and waits a few seconds at most for what is being handled. */
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    handlers.shutdown();
    try {
      handlers.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
