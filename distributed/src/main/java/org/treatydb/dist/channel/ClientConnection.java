package org.treatydb.dist.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The calling end of one connection, and the calls that wait on it. */
final class ClientConnection extends SimpleChannelInboundHandler<ByteBuf> {

  private final Channel channel;
  private final Security security;
  private final ChannelLimits limits;
  private final CompletableFuture<ClientConnection> ready;
  private final Map<Long, Call> calls = new ConcurrentHashMap<>();
  private final AtomicLong lastCall = new AtomicLong();
  private final OutgoingMessages requests;
  private final IncomingMessages replies;
  private boolean isReady;
  private Future<?> rechecks;
  private volatile ChannelBrokenException broken;
  private volatile boolean retiring;
  private volatile boolean graceOver;

  /**
   * A connection that is not made yet.
   *
   * @param ready completed when the other end has let us in, or with a {@link ChannelBrokenException}
   */
  ClientConnection(Channel channel, Security security, ChannelLimits limits, CompletableFuture<ClientConnection> ready) {
    this.channel = channel;
    this.security = security;
    this.limits = limits;
    this.ready = ready;
    this.requests = new OutgoingMessages(channel, FrameKind.REQUEST, FrameKind.REQUEST_BEGIN);
    this.replies = new IncomingMessages(FrameKind.REPLY, FrameKind.REPLY_BEGIN, limits.messageBytesMax(), this::reply);
  }

  /** Sends a request. The connection may break at any time: then so does the call. */
  Call send(byte[] request, Runnable whenOver) {
    Call call = new Call(lastCall.incrementAndGet(), request, whenOver);
    calls.put(call.call(), call);
    if (broken == null) {
      requests.add(call);
    } else {
      call.reply().completeExceptionally(broken);
      call.gone();
    }
    return call;
  }

  /** The call's caller waits no longer. */
  void forget(Call call) {
    calls.remove(call.call());
    call.abandon();
    closeIfRetired();
  }

  boolean isOpen() {
    return broken == null && !retiring;
  }

  /** Takes no new calls, but for those that are just coming, and closes when the last one is over. */
  void retire() {
    retiring = true;
    onLoop(() -> channel.eventLoop().schedule(() -> {
      graceOver = true;
      closeIfRetired();
    }, limits.handshakeMillis(), TimeUnit.MILLISECONDS));
  }

  private void closeIfRetired() {
    if (graceOver && calls.isEmpty()) {
      channel.close();
    }
  }

  void close(String why) {
    onLoop(() -> breakOff(new ChannelBrokenException(why)));
  }

  /** Once the event loop has ended, so has the connection: there is nothing left to do. */
  private void onLoop(Runnable task) {
    if (broken == null) {
      channel.eventLoop().execute(task);
    }
  }

  /** Breaks off a connection that is ready if the other end would not be let in any more. */
  void recheck() {
    onLoop(this::recheckNow);
  }

  private void recheckNow() {
    if (broken == null) {
      try {
        security.peer(channel);
      } catch (CertificateException e) {
        breakOff(new ChannelBrokenException(e.getMessage()));
      }
    }
  }

  private void reply(long id, byte[] reply) {
    if (id > lastCall.get() || id < 1) {
      throw new CorruptedFrameException("a reply to a call that was never made");
    }
    Call call = calls.get(id);
    if (call != null) {
      call.reply().complete(reply);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.executor().schedule(() -> {
      if (!isReady) {
        breakOff(new ChannelBrokenException("it has not let us in within " + limits.handshakeMillis() + " ms"));
      }
    }, limits.handshakeMillis(), TimeUnit.MILLISECONDS);
    context.fireChannelActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        security.peer(channel);
      } else {
        breakOff(ChannelBrokenException.because("the handshake has failed", handshake.cause()));
      }
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
    FrameKind kind = FrameCodec.readKind(frame);
    if (isReady) {
      replies.frame(kind, frame);
    } else if (kind == FrameKind.READY && FrameCodec.readCall(frame) == 0 && frame.readableBytes() == Integer.BYTES) {
      isReady = true;
      rechecks = context.executor().scheduleWithFixedDelay(
          this::recheckNow, Security.RECHECK_SECONDS, Security.RECHECK_SECONDS, TimeUnit.SECONDS);
      if (!ready.complete(this)) {
        breakOff(new ChannelBrokenException("nobody wants the connection any more"));
      }
    } else {
      throw new CorruptedFrameException("a frame of kind " + kind + " before the connection was ready");
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    requests.send();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    breakOff(ChannelBrokenException.because("the connection has failed", cause));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    breakOff(new ChannelBrokenException("the connection was closed"));
    context.fireChannelInactive();
  }

  private void breakOff(ChannelBrokenException why) {
    if (broken == null) {
      broken = why;
      ready.completeExceptionally(why);
      if (rechecks != null) {
        rechecks.cancel(false);
      }
      requests.close();
      calls.values().forEach(call -> call.reply().completeExceptionally(why));
      channel.close();
    }
  }
}
