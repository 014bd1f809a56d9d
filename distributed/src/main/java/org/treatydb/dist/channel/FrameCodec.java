package org.treatydb.dist.channel;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;

/**
 * The frames on a connection, all numbers big-endian:
 *
 * <pre>
 * length   4  of all that follows
 * version  1
 * kind     1  {@link FrameKind}
 * call     8  which call it belongs to; the caller counts from 1 on each connection
 * payload
 * </pre>
 *
 * <p>A message longer than a payload may be travels in several frames, between which frames of other messages may come. Frames are what TLS
 * protects: nothing here is authenticated by itself.
 */
final class FrameCodec {

  static final int VERSION = 1;
  static final int PAYLOAD_BYTES_MAX = 64 << 10;
  static final int HEADER_BYTES = Integer.BYTES + 2 + Long.BYTES;
  /** So many messages of several frames may be on their way at once in one direction. */
  static final int LONG_MESSAGES_MAX = 8;

  private static final FrameKind[] KINDS = new FrameKind[FrameKind.values().length + 1];

  static {
    for (FrameKind kind : FrameKind.values()) {
      KINDS[kind.code()] = kind;
    }
  }

  private FrameCodec() {}

  /** Cuts what arrives into frames, without their lengths; refuses longer ones before they have arrived. */
  static LengthFieldBasedFrameDecoder cutter() {
    return new LengthFieldBasedFrameDecoder(HEADER_BYTES + PAYLOAD_BYTES_MAX, 0, Integer.BYTES, 0, Integer.BYTES);
  }

  /** Begins a frame whose payload, of that many bytes, is to be written after it. */
  static ByteBuf begin(ByteBuf out, FrameKind kind, long call, int payloadBytes) {
    return out.writeInt(HEADER_BYTES - Integer.BYTES + payloadBytes).writeByte(VERSION).writeByte(kind.code()).writeLong(call);
  }

  /** A frame's header; what is left of {@code frame} is its payload. */
  static FrameKind readKind(ByteBuf frame) {
    if (frame.readableBytes() < HEADER_BYTES - Integer.BYTES) {
      throw new CorruptedFrameException("a frame of " + frame.readableBytes() + " bytes");
    }
    int version = frame.readUnsignedByte();
    if (version != VERSION) {
      throw new CorruptedFrameException("frame version " + version + ", this build reads " + VERSION);
    }
    int code = frame.readUnsignedByte();
    if (code >= KINDS.length || KINDS[code] == null) {
      throw new CorruptedFrameException("frame kind " + code);
    }
    return KINDS[code];
  }

  /** To be read after {@link #readKind}. */
  static long readCall(ByteBuf frame) {
    return frame.readLong();
  }
}
