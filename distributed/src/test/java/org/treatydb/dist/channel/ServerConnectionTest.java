package org.treatydb.dist.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.dist.channel.Nodes.ANY_PORT;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.treatydb.dist.boundary.Peer;

/** The called end of a connection, byte by byte, on a channel whose clock goes on when it is told to. */
class ServerConnectionTest {

  private static final int MESSAGE_BYTES_MAX = 10;
  private static final ChannelLimits LIMITS = new ChannelLimits(MESSAGE_BYTES_MAX, 8, 1 << 20, 8, 8, 5000, 1, 20, 10_000);

  private final Nodes nodes = new Nodes();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final CallServer server =
      nodes.closing(new CallServer(new NoProtection(), nodes.check(), false, 1, ANY_PORT, nodes.loops(), LIMITS));
  private final ServerConnection connection = new ServerConnection(channel, new Believing(), server);
  private boolean believed = true;

  ServerConnectionTest() {
    channel.freezeTime();
    channel.pipeline().addLast(FrameCodec.cutter(), connection);
    channel.pipeline().fireChannelActive();
  }

  @AfterEach
  void close() throws Exception {
    channel.finishAndReleaseAll();
    nodes.close();
  }

  private final class Believing implements Security {

    @Override
    public void protect(Channel protectedChannel, ChannelPipeline pipeline) {
      // Nothing is protected here.
    }

    @Override
    public Peer peer(Channel protectedChannel) throws CertificateException {
      if (!believed) {
        throw new CertificateException("revoked");
      }
      return new Peer(2);
    }
  }

  private void shake(Throwable failure) {
    channel.pipeline().fireUserEventTriggered(
        failure == null ? SslHandshakeCompletionEvent.SUCCESS : new SslHandshakeCompletionEvent(failure));
    channel.runPendingTasks();
  }

  private void goOn() {
    channel.advanceTimeBy(LIMITS.handshakeMillis(), TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void whoDoesNotShowWhoItIsInTimeIsCutOff() {
    goOn();
    assertFalse(channel.isOpen());
    connection.recheck();
  }

  @Test
  void whoShowsWhoItIsIsToldWhoServesAndStays() {
    shake(null);
    ByteBuf ready = channel.readOutbound();
    assertEquals(FrameCodec.HEADER_BYTES + Integer.BYTES, ready.readableBytes());
    assertEquals(1, ready.getInt(FrameCodec.HEADER_BYTES));
    ready.release();
    goOn();
    connection.recheck();
    assertTrue(channel.isOpen());
  }

  @Test
  void whoCannotShowWhoItIsIsCutOff() {
    connection.recheck();
    assertTrue(channel.isOpen(), "it may show it yet");
    shake(new CertificateException("none"));
    assertFalse(channel.isOpen());
  }

  @Test
  void whoIsBelievedNoMoreIsCutOff() {
    shake(null);
    believed = false;
    connection.recheck();
    assertFalse(channel.isOpen());
    connection.recheck();
  }

  @Test
  void aMessageThatIsTooLongIsNotTakenAndItsSenderCutOff() {
    shake(null);
    ByteBuf frame = Unpooled.buffer();
    byte[] tooLong = new byte[MESSAGE_BYTES_MAX + 1];
    channel.writeInbound(FrameCodec.begin(frame, FrameKind.REQUEST, 1, tooLong.length).writeBytes(tooLong));
    assertFalse(channel.isOpen());
  }
}
