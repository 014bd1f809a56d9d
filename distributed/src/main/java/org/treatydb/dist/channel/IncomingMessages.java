package org.treatydb.dist.channel;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Puts the messages that come in on one connection together from their frames. For that connection's event loop only. */
final class IncomingMessages {

  /** Takes whole messages. */
  interface Sink {
    void message(long call, byte[] message);
  }

  private final FrameKind whole;
  private final FrameKind begin;
  private final int messageBytesMax;
  private final Sink sink;
  private final Map<Long, Unfinished> unfinished = new HashMap<>();

  /**
   * Only messages of one kind come in on one end of a connection.
   *
   * @param whole their kind, if they fit into one frame
   * @param begin their first frame's kind, if not
   */
  IncomingMessages(FrameKind whole, FrameKind begin, int messageBytesMax, Sink sink) {
    this.whole = whole;
    this.begin = begin;
    this.messageBytesMax = messageBytesMax;
    this.sink = sink;
  }

  /** Fails with {@link CorruptedFrameException} if this is not what the other end may send. */
  void frame(FrameKind kind, ByteBuf frame) {
    long call = FrameCodec.readCall(frame);
    if (kind == whole) {
      if (frame.readableBytes() > messageBytesMax || unfinished.containsKey(call)) {
        throw new CorruptedFrameException("a message of " + frame.readableBytes() + " bytes");
      }
      sink.message(call, rest(frame));
    } else if (kind == begin) {
      begin(call, frame);
    } else if (kind == FrameKind.PART) {
      Unfinished message = unfinished.get(call);
      if (message == null) {
        throw new CorruptedFrameException("a part of no message");
      }
      add(call, message, frame);
    } else {
      throw new CorruptedFrameException("a frame of kind " + kind + " in the wrong place");
    }
  }

  private void begin(long call, ByteBuf frame) {
    int length = frame.readableBytes() < Integer.BYTES ? -1 : frame.readInt();
    if (length <= 0 || length > messageBytesMax || unfinished.size() >= FrameCodec.LONG_MESSAGES_MAX) {
      throw new CorruptedFrameException("a message of " + length + " bytes, while " + unfinished.size() + " are on their way");
    }
    Unfinished message = new Unfinished(length);
    if (unfinished.putIfAbsent(call, message) != null) {
      throw new CorruptedFrameException("a message begins twice");
    }
    add(call, message, frame);
  }

  private void add(long call, Unfinished message, ByteBuf frame) {
    int more = frame.readableBytes();
    if (more == 0 || more > message.length - message.filled) {
      throw new CorruptedFrameException("a part of " + more + " bytes");
    }
    message.add(frame, more);
    if (message.filled == message.length) {
      unfinished.remove(call);
      sink.message(call, message.bytes);
    }
  }

  private static byte[] rest(ByteBuf frame) {
    byte[] bytes = new byte[frame.readableBytes()];
    frame.readBytes(bytes);
    return bytes;
  }

  /** Takes memory as bytes come, not as their sender promises. */
  private static final class Unfinished {
    private final int length;
    private byte[] bytes;
    private int filled;

    private Unfinished(int length) {
      this.length = length;
      this.bytes = new byte[Math.min(length, 2 * FrameCodec.PAYLOAD_BYTES_MAX)];
    }

    private void add(ByteBuf frame, int more) {
      if (filled + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(length, bytes.length * 4L));
      }
      frame.readBytes(bytes, filled, more);
      filled += more;
    }
  }
}
