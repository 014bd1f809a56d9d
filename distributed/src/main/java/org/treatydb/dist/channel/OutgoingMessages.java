package org.treatydb.dist.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one connection is to send. Long messages go out in parts, and other messages between the parts: nothing short waits for all of
 * something long. Nothing is handed to Netty faster than the socket takes it. {@link #add} may be called from any thread, the rest from the
 * connection's event loop.
 */
final class OutgoingMessages {

  private final Channel channel;
  private final FrameKind whole;
  private final FrameKind begin;
  private final Queue<OutgoingMessage> added = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Queue<OutgoingMessage> shorts = new ArrayDeque<>();
  private final Queue<Parts> begun = new ArrayDeque<>();
  private final Queue<OutgoingMessage> longs = new ArrayDeque<>();
  private boolean sending;
  private boolean closed;

  OutgoingMessages(Channel channel, FrameKind whole, FrameKind begin) {
    this.channel = channel;
    this.whole = whole;
    this.begin = begin;
  }

  void add(OutgoingMessage message) {
    added.add(message);
    if (scheduled.compareAndSet(false, true)) {
      try {
        channel.eventLoop().execute(this::sendAdded);
      } catch (RejectedExecutionException e) {
        dropAll(added);
      }
    }
  }

  private void sendAdded() {
    scheduled.set(false);
    send();
  }

  /** Sends as much as the socket takes. To be called again when it takes more. */
  void send() {
    if (sending) {
      return;
    }
    sending = true;
    try {
      sort();
      int unflushed = 0;
      boolean more = !closed;
      while (more && channel.isWritable()) {
        int written = sendShort() + sendPart();
        more = written > 0;
        unflushed += written;
        if (unflushed >= FrameCodec.PAYLOAD_BYTES_MAX) {
          channel.flush();
          unflushed = 0;
          sort();
        }
      }
      if (unflushed > 0) {
        channel.flush();
      }
    } finally {
      sending = false;
    }
  }

  private void sort() {
    if (closed) {
      dropAll(added);
      return;
    }
    for (OutgoingMessage message = added.poll(); message != null; message = added.poll()) {
      (message.payload().length <= FrameCodec.PAYLOAD_BYTES_MAX ? shorts : longs).add(message);
    }
  }

  /** Sends the next short message; says how many bytes. */
  private int sendShort() {
    OutgoingMessage message = nextWanted(shorts);
    if (message == null) {
      return 0;
    }
    byte[] payload = message.payload();
    ByteBuf frame = channel.alloc().buffer(FrameCodec.HEADER_BYTES + payload.length);
    write(FrameCodec.begin(frame, whole, message.call(), payload.length).writeBytes(payload)).addListener(done -> message.gone());
    return FrameCodec.HEADER_BYTES + payload.length;
  }

  /** Sends the next part of a long message; says how many bytes. */
  private int sendPart() {
    if (begun.size() < FrameCodec.LONG_MESSAGES_MAX) {
      OutgoingMessage next = nextWanted(longs);
      if (next != null) {
        begun.add(new Parts(next));
      }
    }
    Parts parts = begun.poll();
    if (parts == null) {
      return 0;
    }
    byte[] payload = parts.message.payload();
    boolean first = parts.sent == 0;
    int extra = first ? Integer.BYTES : 0;
    int length = Math.min(payload.length - parts.sent, FrameCodec.PAYLOAD_BYTES_MAX - extra);
    ByteBuf frame = channel.alloc().buffer(FrameCodec.HEADER_BYTES + extra + length);
    FrameCodec.begin(frame, first ? begin : FrameKind.PART, parts.message.call(), extra + length);
    if (first) {
      frame.writeInt(payload.length);
    }
    ChannelFuture written = write(frame.writeBytes(payload, parts.sent, length));
    parts.sent += length;
    if (parts.sent == payload.length) {
      written.addListener(done -> parts.message.gone());
    } else {
      begun.add(parts);
    }
    return FrameCodec.HEADER_BYTES + extra + length;
  }

  private ChannelFuture write(ByteBuf frame) {
    return channel.write(frame);
  }

  private static OutgoingMessage nextWanted(Queue<OutgoingMessage> messages) {
    OutgoingMessage message = messages.poll();
    while (message != null && message.isUnwanted()) {
      message.gone();
      message = messages.poll();
    }
    return message;
  }

  /** The connection is gone, and so is everything that has not left. */
  void close() {
    closed = true;
    begun.forEach(parts -> parts.message.gone());
    begun.clear();
    dropAll(shorts);
    dropAll(longs);
    dropAll(added);
  }

  private static void dropAll(Queue<OutgoingMessage> messages) {
    for (OutgoingMessage message = messages.poll(); message != null; message = messages.poll()) {
      message.gone();
    }
  }

  private static final class Parts {
    private final OutgoingMessage message;
    private int sent;

    private Parts(OutgoingMessage message) {
      this.message = message;
    }
  }
}
