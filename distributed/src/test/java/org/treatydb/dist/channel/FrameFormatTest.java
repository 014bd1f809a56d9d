package org.treatydb.dist.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.dist.channel.Nodes.LONG;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ResourceLeakDetector;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;

class FrameFormatTest {

  private static final int MESSAGE_BYTES_MAX = 1 << 20;

  private final Nodes nodes = new Nodes();

  @AfterEach
  void stop() throws Exception {
    nodes.close();
  }

  private static byte[] frame(FrameKind kind, long call, byte[] payload) {
    ByteBuf out = Unpooled.buffer();
    return ByteBufUtil.getBytes(FrameCodec.begin(out, kind, call, payload.length).writeBytes(payload));
  }

  private static byte[] numbers(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i + 1);
    }
    return bytes;
  }

  private static byte[] concatenated(byte[]... parts) {
    ByteBuf all = Unpooled.buffer();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return ByteBufUtil.getBytes(all);
  }

  /** One frame of each kind: a whole request, and one in parts with the whole one in between; the same for replies. */
  private static byte[] everyKind() {
    byte[] requests = concatenated(
        frame(FrameKind.REQUEST_BEGIN, 0x0102030405060708L, new byte[] {0, 0, 0, 5, 1, 2}),
        frame(FrameKind.REQUEST, 2, numbers(3)),
        frame(FrameKind.PART, 0x0102030405060708L, new byte[] {3, 4, 5}));
    byte[] replies = concatenated(
        frame(FrameKind.REPLY_BEGIN, 7, new byte[] {0, 0, 0, 2, 1}), frame(FrameKind.REPLY, 8, new byte[0]),
        frame(FrameKind.PART, 7, new byte[] {2}));
    return concatenated(frame(FrameKind.READY, 0, new byte[] {0, 0, 0, 3}), requests, replies);
  }

  private record Message(long call, byte[] bytes) {}

  /** What one end makes of what comes in; fails with a {@link DecoderException} at what may not come. */
  private static List<Message> read(byte[] bytes, FrameKind whole, FrameKind begin) {
    List<Message> messages = new ArrayList<>();
    IncomingMessages incoming =
        new IncomingMessages(whole, begin, MESSAGE_BYTES_MAX, (call, message) -> messages.add(new Message(call, message)));
    EmbeddedChannel channel = new EmbeddedChannel(FrameCodec.cutter());
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(bytes));
      for (ByteBuf frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
        try {
          FrameKind kind = FrameCodec.readKind(frame);
          incoming.frame(kind, frame);
        } finally {
          frame.release();
        }
      }
      return messages;
    } finally {
      channel.releaseInbound();
      channel.releaseOutbound();
    }
  }

  @Test
  void framesAreWrittenAsEver() {
    GoldenFile.check("channel-frames", everyKind());
  }

  @Test
  void messagesArePutTogetherFromTheirFrames() {
    byte[] golden = GoldenFile.check("channel-frames", everyKind());
    int ready = FrameCodec.HEADER_BYTES + Integer.BYTES;
    int requestsEnd = ready + 3 * FrameCodec.HEADER_BYTES + 6 + 3 + 3;
    List<Message> requests = read(Arrays.copyOfRange(golden, ready, requestsEnd), FrameKind.REQUEST, FrameKind.REQUEST_BEGIN);
    assertEquals(2, requests.size());
    assertEquals(2, requests.get(0).call());
    assertArrayEquals(numbers(3), requests.get(0).bytes());
    assertEquals(0x0102030405060708L, requests.get(1).call());
    assertArrayEquals(numbers(5), requests.get(1).bytes());
    List<Message> replies = read(Arrays.copyOfRange(golden, requestsEnd, golden.length), FrameKind.REPLY, FrameKind.REPLY_BEGIN);
    assertEquals(2, replies.size());
    assertArrayEquals(new byte[0], replies.get(0).bytes());
    assertArrayEquals(numbers(2), replies.get(1).bytes());
  }

  private static void assertRefused(byte[]... frames) {
    assertThrows(DecoderException.class, () -> read(concatenated(frames), FrameKind.REQUEST, FrameKind.REQUEST_BEGIN));
  }

  @Test
  void whatMayNotComeIsRefused() {
    byte[] begin = frame(FrameKind.REQUEST_BEGIN, 1, new byte[] {0, 0, 0, 9, 1});
    assertRefused(frame(FrameKind.REPLY, 1, new byte[1]));
    assertRefused(frame(FrameKind.READY, 0, new byte[4]));
    assertRefused(frame(FrameKind.PART, 1, new byte[1]));
    assertRefused(begin, begin);
    assertRefused(begin, frame(FrameKind.PART, 1, new byte[9]));
    assertRefused(begin, frame(FrameKind.PART, 1, new byte[0]));
    assertRefused(begin, frame(FrameKind.REQUEST, 1, new byte[1]));
    assertRefused(frame(FrameKind.REQUEST_BEGIN, 1, new byte[] {0, 0, 9}));
    assertRefused(frame(FrameKind.REQUEST_BEGIN, 1, new byte[] {0, 0x10, 0, 1, 1}));
    assertRefused(frame(FrameKind.REQUEST_BEGIN, 1, new byte[] {-1, -1, -1, -1, 1}));
    assertRefused(frame(FrameKind.REQUEST, 1, new byte[FrameCodec.PAYLOAD_BYTES_MAX + 1]));
    byte[] version = frame(FrameKind.REQUEST, 1, new byte[1]);
    version[Integer.BYTES]++;
    assertRefused(version);
    byte[] kind = frame(FrameKind.REQUEST, 1, new byte[1]);
    kind[Integer.BYTES + 1] = 0;
    assertRefused(kind);
    kind[Integer.BYTES + 1] = (byte) 200;
    assertRefused(kind);
    assertRefused(new byte[] {0, 0, 0, 3, 1, 2, 3});
    assertRefused(new byte[] {-1, -1, -1, -1, 1, 2});
    byte[][] tooMany = new byte[FrameCodec.LONG_MESSAGES_MAX + 1][];
    for (int i = 0; i < tooMany.length; i++) {
      tooMany[i] = frame(FrameKind.REQUEST_BEGIN, i, new byte[] {0, 0, 0, 9, 1});
    }
    assertRefused(tooMany);
  }

  private static Stream<byte[]> frames() {
    int ready = FrameCodec.HEADER_BYTES + Integer.BYTES;
    return Stream.of(Arrays.copyOfRange(everyKind(), ready, ready + 3 * FrameCodec.HEADER_BYTES + 12));
  }

  @MethodSource("frames")
  @FuzzTest
  void frames(byte[] bytes) {
    DecoderContract.of(each -> read(each, FrameKind.REQUEST, FrameKind.REQUEST_BEGIN)).refusingWith(DecoderException.class).check(bytes);
  }

  /** A node of the cluster that has gone mad. */
  @Test
  void garbageClosesTheConnectionItCameOnAndNothingElse() throws Exception {
    Queue<String> leaks = new ConcurrentLinkedQueue<>();
    ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + records));
    Logger log = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    log.setLevel(Level.ERROR); // leaks that it cannot log it does not look for
    try {
      NettyTransport two = nodes.start(2);
      two.serve((peer, request) -> request);
      NettyTransport one = nodes.start(1);
      assertEquals(5, one.call(2, new byte[5], LONG).length);
      RawTls mad = RawTls.with(nodes.identity(3));
      Random random = new Random(1);
      for (int round = 0; round < 60; round++) {
        byte[] garbage = everyKind();
        for (int i = 0; i < 3; i++) {
          garbage[random.nextInt(garbage.length)] = (byte) random.nextInt();
        }
        assertIsCutOff(mad, two.address(), garbage);
      }
      assertEquals(5, one.call(2, new byte[5], LONG).length);
      nodes.close();
      assertNothingLeaks(leaks);
    } finally {
      ByteBufUtil.setLeakListener(null);
      ResourceLeakDetector.setLevel(before);
      log.setLevel(null);
    }
  }

  /** What is sent ends with a frame that only servers send: it cannot pass, whatever comes before it. */
  private static void assertIsCutOff(RawTls caller, Endpoint server, byte[] garbage) throws IOException {
    try (SSLSocket socket = caller.connect(server)) {
      socket.getOutputStream().write(garbage);
      socket.getOutputStream().write(frame(FrameKind.REPLY, 1, new byte[1]));
      socket.shutdownOutput();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (in.read() >= 0) {
        Thread.onSpinWait();
      }
    } catch (SocketException e) {
      assertTrue(e.getMessage().matches(".*(reset|closed|Broken pipe).*"), e.getMessage());
    }
  }

  /** Buffers that were lost are found when they have been collected and another one is made. */
  private static void assertNothingLeaks(Queue<String> leaks) {
    for (int i = 0; i < 5; i++) {
      System.gc();
      ByteBufAllocator.DEFAULT.heapBuffer(64).release();
    }
    assertTrue(leaks.isEmpty(), () -> leaks.size() + " leaks, such as " + leaks.peek());
  }
}
