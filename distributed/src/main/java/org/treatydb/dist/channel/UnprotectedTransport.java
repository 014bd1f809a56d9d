package org.treatydb.dist.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.kv.boundary.Clock;

/**
 * For measuring what TLS costs, and for nothing else: <b>keeps none of the promises of {@link Transport}</b>. Messages go over TCP as they
 * are, and who calls is believed to be who it says it is. Otherwise it does what {@link NettyTransport} does. Public because the benchmark
 * is in another module; nothing of a node's own code uses it, and a test keeps it so.
 */
public final class UnprotectedTransport implements Transport {

  private static final Logger LOG = LoggerFactory.getLogger(UnprotectedTransport.class);

  private final int node;
  private final IntFunction<Endpoint> addresses;
  private final EventLoops loops;
  private final ChannelLimits limits;
  private final Clock clock;
  private final CallServer server;
  private final Map<Integer, CallClient> clients = new ConcurrentHashMap<>();
  private volatile Handler handler;

  /**
   * Takes the port.
   *
   * @param listen where this node serves; port 0: any that is free
   * @param addresses where a node is, asked each time a connection is made
   * @param eventLoopsMax threads for reading and writing
   */
  public UnprotectedTransport(
      int node, Endpoint listen, IntFunction<Endpoint> addresses, int eventLoopsMax, ChannelLimits limits, Clock clock,
      ThreadFactory threads) {
    LOG.warn("NODE {} TALKS WITH OTHERS OVER A WIRE THAT NOTHING PROTECTS: this is for benchmarks", node);
    this.node = node;
    this.addresses = addresses;
    this.limits = limits;
    this.clock = clock;
    this.loops = new EventLoops(eventLoopsMax, threads);
    try {
      this.server = new CallServer(new Claims(), null, false, node, listen, loops, limits);
    } catch (RuntimeException e) {
      loops.close();
      throw e;
    }
  }

  /** Where this node serves. */
  public Endpoint address() {
    return server.address();
  }

  @Override
  public byte[] call(int called, byte[] request, long timeoutNanos) {
    return called == node
        ? handler.handle(new Peer(node), request)
        : clients.computeIfAbsent(called, this::client).call(request, timeoutNanos);
  }

  private CallClient client(int called) {
    return new CallClient(
        "node " + called, () -> addresses.apply(called), () -> new Claim(node, called), loops, limits, clock);
  }

  @Override
  public void serve(Handler requests) {
    handler = requests;
    server.serve(requests);
  }

  @Override
  public void close() {
    clients.values().forEach(CallClient::close);
    server.close();
    loops.close();
  }

  /** The calling end: says who it is, in four bytes. */
  private record Claim(int own, int called) implements Security {

    @Override
    public void protect(Channel channel, ChannelPipeline pipeline) {
      pipeline.addLast(new ChannelInboundHandlerAdapter() {
        @Override
        public void channelActive(ChannelHandlerContext context) {
          context.writeAndFlush(context.alloc().buffer(Integer.BYTES).writeInt(own));
          context.fireChannelActive();
          context.fireUserEventTriggered(SslHandshakeCompletionEvent.SUCCESS);
        }
      });
    }

    @Override
    public Peer peer(Channel channel) {
      return new Peer(called);
    }
  }

  /** The called end: believes that. */
  private static final class Claims implements Security {

    private static final AttributeKey<Peer> CLAIMED = AttributeKey.valueOf(Claims.class, "peer");

    @Override
    public void protect(Channel channel, ChannelPipeline pipeline) {
      pipeline.addLast(new ByteToMessageDecoder() {
        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
          if (in.readableBytes() >= Integer.BYTES) {
            channel.attr(CLAIMED).set(new Peer(in.readInt()));
            context.fireUserEventTriggered(SslHandshakeCompletionEvent.SUCCESS);
            context.pipeline().remove(this);
          }
        }
      });
    }

    @Override
    public Peer peer(Channel channel) {
      return channel.attr(CLAIMED).get();
    }
  }
}
