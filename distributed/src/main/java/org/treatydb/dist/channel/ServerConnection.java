package org.treatydb.dist.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.CertificateException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.Peer;

/** The called end of one connection. */
final class ServerConnection extends SimpleChannelInboundHandler<ByteBuf> {

  private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);

  private final Channel channel;
  private final Security security;
  private final CallServer server;
  private final OutgoingMessages replies;
  private final IncomingMessages requests;
  private final Queue<Request> waiting = new ArrayDeque<>();
  private boolean waitsForRoom;
  private boolean over;
  private Peer peer;
  private PeerLoad load;
  private Future<?> rechecks;

  ServerConnection(Channel channel, Security security, CallServer server) {
    this.channel = channel;
    this.security = security;
    this.server = server;
    this.replies = new OutgoingMessages(channel, FrameKind.REPLY, FrameKind.REPLY_BEGIN);
    this.requests = new IncomingMessages(
        FrameKind.REQUEST, FrameKind.REQUEST_BEGIN, server.limits().messageBytesMax(), this::request);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.executor().schedule(() -> {
      if (peer == null) {
        breakOff("it has not shown who it is in time");
      }
    }, server.limits().handshakeMillis(), TimeUnit.MILLISECONDS);
    context.fireChannelActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws CertificateException {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        peer = security.peer(channel);
        load = server.load(peer);
        rechecks = context.executor().scheduleWithFixedDelay(
            this::recheck, Security.RECHECK_SECONDS, Security.RECHECK_SECONDS, TimeUnit.SECONDS);
        ByteBuf ready = channel.alloc().buffer(FrameCodec.HEADER_BYTES + Integer.BYTES);
        channel.writeAndFlush(FrameCodec.begin(ready, FrameKind.READY, 0, Integer.BYTES).writeInt(server.node()));
      } else {
        breakOff(ChannelBrokenException.because("the handshake has failed", handshake.cause()).getMessage());
      }
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
    if (!over) {
      requests.frame(FrameCodec.readKind(frame), frame);
    }
  }

  private void request(long call, byte[] request) {
    waiting.add(new Request(call, request));
    startWaiting();
  }

  /** Handles requests as far as there is room; while there is none, nothing more is read. */
  private void startWaiting() {
    while (!waitsForRoom && !waiting.isEmpty() && !over) {
      if (load.enter(this::roomAgain)) {
        start(waiting.remove());
      } else {
        waitsForRoom = true;
      }
    }
    channel.config().setAutoRead(!waitsForRoom);
  }

  private void start(Request request) {
    try {
      server.handle(() -> handle(request));
    } catch (RejectedExecutionException e) {
      load.leave();
      breakOff("the server is closed");
    }
  }

  /** On any thread. */
  private void roomAgain() {
    try {
      channel.eventLoop().execute(() -> {
        waitsForRoom = false;
        if (over) {
          load.pass();
        } else {
          startWaiting();
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("Nobody is left to handle the requests of {}", name());
    }
  }

  /** On a thread of its own. */
  private void handle(Request request) {
    byte[] reply;
    try {
      reply = server.handler().handle(peer, request.bytes());
      if (reply.length > server.limits().messageBytesMax()) {
        throw new IllegalStateException("a reply of " + reply.length + " bytes");
      }
    } catch (RuntimeException | Error e) {
      load.leave();
      if (channel.isActive()) {
        LOG.error("A request of {} has failed; its connection is closed", name(), e);
      }
      channel.close();
      return;
    }
    replies.add(new Reply(request.call(), reply, load));
  }

  /** Breaks off if the other end would not be let in any more. On the event loop. */
  void recheck() {
    if (peer != null && !over) {
      try {
        security.peer(channel);
      } catch (CertificateException e) {
        breakOff(e.getMessage());
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    replies.send();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    breakOff(ChannelBrokenException.because("the connection has failed", cause).getMessage());
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    breakOff("the connection was closed");
    context.fireChannelInactive();
  }

  private void breakOff(String why) {
    if (!over) {
      over = true;
      LOG.debug("The connection of {} at {} has ended: {}", name(), channel.remoteAddress(), why);
      if (rechecks != null) {
        rechecks.cancel(false);
      }
      waiting.clear();
      replies.close();
      channel.close();
    }
  }

  private String name() {
    return peer == null || peer.node() == Peer.ANONYMOUS ? "a stranger" : "node " + peer.node();
  }

  private record Request(long call, byte[] bytes) {}

  /** Its place among what is handled is free when it has left. */
  private record Reply(long call, byte[] payload, PeerLoad load) implements OutgoingMessage {

    @Override
    public boolean isUnwanted() {
      return false;
    }

    @Override
    public void gone() {
      load.leave();
    }
  }
}
