package org.treatydb.dist.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.dist.channel.Nodes.LIMITS;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import java.security.cert.CertificateException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.treatydb.dist.boundary.Peer;

/** The calling end of a connection, byte by byte, on a channel whose clock goes on when it is told to. */
class ClientConnectionTest {

  private static final byte[] REQUEST = {1, 2, 3};

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final CompletableFuture<ClientConnection> ready = new CompletableFuture<>();
  private final AtomicInteger over = new AtomicInteger();
  private final ClientConnection connection = new ClientConnection(channel, new Believing(), LIMITS, ready);
  private boolean believed = true;

  ClientConnectionTest() {
    channel.freezeTime();
    channel.pipeline().addLast(FrameCodec.cutter(), connection);
    channel.pipeline().fireChannelActive();
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  /** Who is at the other end, until that is believed no more. */
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

  private void receive(FrameKind kind, long call, byte[] payload) {
    ByteBuf frame = Unpooled.buffer();
    channel.writeInbound(FrameCodec.begin(frame, kind, call, payload.length).writeBytes(payload));
    channel.runPendingTasks();
  }

  private void letIn() {
    receive(FrameKind.READY, 0, new byte[Integer.BYTES]);
    assertEquals(connection, ready.join());
    assertTrue(connection.isOpen());
  }

  private Call send() {
    Call call = connection.send(REQUEST, over::incrementAndGet);
    channel.runPendingTasks();
    return call;
  }

  private void goOn(int millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }

  private void assertBroken() {
    assertFalse(channel.isOpen());
    assertFalse(connection.isOpen());
  }

  @Test
  void aReplyCompletesItsCallAndOneThatNobodyWaitsForIsPassedOver() {
    letIn();
    Call first = send();
    Call second = send();
    connection.forget(first);
    receive(FrameKind.REPLY, first.call(), new byte[] {7});
    receive(FrameKind.REPLY, second.call(), new byte[] {8});
    assertArrayEquals(new byte[] {8}, second.reply().join());
    connection.forget(second);
    assertEquals(2, over.get());
  }

  @Test
  void aReplyToACallThatWasNeverMadeBreaksTheConnection() {
    for (long none : new long[] {2, 0, -1, Long.MAX_VALUE}) {
      ClientConnectionTest other = new ClientConnectionTest();
      other.letIn();
      Call call = other.send();
      other.receive(FrameKind.REPLY, none, new byte[1]);
      other.assertBroken();
      assertThrows(CompletionException.class, call.reply()::join);
      other.close();
    }
  }

  @Test
  void whatIsNoReadinessBreaksTheConnection() {
    ClientConnectionTest kind = new ClientConnectionTest();
    kind.receive(FrameKind.REPLY, 0, new byte[Integer.BYTES]);
    kind.assertRefused();
    ClientConnectionTest call = new ClientConnectionTest();
    call.receive(FrameKind.READY, 1, new byte[Integer.BYTES]);
    call.assertRefused();
    ClientConnectionTest length = new ClientConnectionTest();
    length.receive(FrameKind.READY, 0, new byte[Integer.BYTES + 1]);
    length.assertRefused();
  }

  private void assertRefused() {
    assertBroken();
    assertEquals(ChannelBrokenException.class, assertThrows(CompletionException.class, ready::join).getCause().getClass());
    close();
  }

  @Test
  void whoIsNotLetInInTimeGivesUp() {
    goOn(LIMITS.handshakeMillis());
    assertRefused();
  }

  @Test
  void whoIsLetInInTimeStays() {
    letIn();
    goOn(LIMITS.handshakeMillis());
    assertTrue(connection.isOpen());
  }

  @Test
  void aConnectionThatNobodyWantsAnyMoreIsClosed() {
    ready.completeExceptionally(new ChannelBrokenException("closed"));
    receive(FrameKind.READY, 0, new byte[Integer.BYTES]);
    assertBroken();
  }

  @Test
  void aCallOnABrokenConnectionFailsAtOnceAndNothingElseDoes() {
    letIn();
    connection.close("enough");
    channel.runPendingTasks();
    assertBroken();
    Call call = send();
    assertThrows(CompletionException.class, call.reply()::join);
    connection.forget(call);
    assertEquals(1, over.get());
    connection.recheck();
    connection.close("again");
    channel.runPendingTasks();
    assertBroken();
  }

  @Test
  void whoIsBelievedNoMoreIsLeft() {
    letIn();
    connection.recheck();
    channel.runPendingTasks();
    assertTrue(connection.isOpen());
    believed = false;
    connection.recheck();
    connection.recheck();
    channel.runPendingTasks();
    assertBroken();
  }

  @Test
  void aRetiredConnectionClosesWithItsLastCallAndNotBeforeItsGraceIsOver() {
    letIn();
    Call early = send();
    connection.retire();
    channel.runPendingTasks();
    assertFalse(connection.isOpen());
    Call late = send();
    connection.forget(early);
    assertTrue(channel.isOpen());
    goOn(LIMITS.handshakeMillis());
    assertTrue(channel.isOpen());
    receive(FrameKind.REPLY, late.call(), new byte[] {9});
    connection.forget(late);
    channel.runPendingTasks();
    assertBroken();
  }

  @Test
  void aRetiredConnectionWithoutCallsClosesWhenItsGraceIsOver() {
    letIn();
    connection.retire();
    channel.runPendingTasks();
    assertTrue(channel.isOpen());
    goOn(LIMITS.handshakeMillis());
    assertBroken();
  }

  /** So many that a long message has to wait for another to be through. */
  @Test
  void longMessagesThatAreMoreThanMayBeOnTheirWayAllArrive() {
    letIn();
    byte[] request = new byte[3 * FrameCodec.PAYLOAD_BYTES_MAX];
    Call[] calls = new Call[FrameCodec.LONG_MESSAGES_MAX + 2];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = connection.send(request, over::incrementAndGet);
    }
    connection.forget(calls[calls.length - 1]);
    channel.runPendingTasks();
    int begun = 0;
    for (ByteBuf frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
      frame.readInt();
      begun += FrameCodec.readKind(frame) == FrameKind.REQUEST_BEGIN ? 1 : 0;
      frame.release();
    }
    assertEquals(calls.length - 1, begun, "what nobody waits for any more was sent, or something else was not");
  }
}
