package org.treatydb.kv.host.file;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.LogTail;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/**
 * What one of the two slots of a {@link CounterFile} holds.
 *
 * <p>Format 2: version, sequence (8 bytes), store id, boot epoch (8), then for each of WAL, CLOG, MANIFEST the counter (8), the
 * digest, and of the tail the segment (8), the position (8), the length (4) and the bytes; then SHA-256 over all that (against torn
 * writes, not against an adversary).
 *
 * @param sequence counts the writes, from 1 on
 */
record CounterSlot(long sequence, TrustedCounter.State state) {

  /** So much of the end of each log fits. */
  static final int TAIL_BYTES_MAX = 16 << 10;

  /** So long is a slot at most, in bytes. */
  static final int BYTES_MAX = 64 << 10;

  private static final int VERSION = 2;
  private static final int DIGEST_BYTES = 32;
  private static final LogHead NO_HEAD = new LogHead(0, new byte[LogHead.DIGEST_BYTES]);

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES_MAX);
    out.put((byte) VERSION).putLong(sequence).put(state.store().bytes()).putLong(state.bootEpoch());
    for (LogName log : LogName.values()) {
      LogHead head = state.heads().getOrDefault(log, NO_HEAD);
      LogTail tail = state.tail(log);
      out.putLong(head.counter()).put(head.digest());
      out.putLong(tail.segment()).putLong(tail.position()).putInt(tail.bytes().length).put(tail.bytes());
    }
    out.put(sha256(out.array(), out.position()));
    return Arrays.copyOf(out.array(), out.position());
  }

  /** The slot at the beginning of {@code bytes}; empty if there is none, or not all of it. */
  static Optional<CounterSlot> decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      return in.get() == VERSION ? decodeBody(in) : Optional.empty();
    } catch (BufferUnderflowException e) {
      return Optional.empty();
    }
  }

  private static Optional<CounterSlot> decodeBody(ByteBuffer in) {
    long sequence = in.getLong();
    byte[] store = raw(in, StoreId.BYTES);
    long epoch = in.getLong();
    Map<LogName, LogHead> heads = new EnumMap<>(LogName.class);
    Map<LogName, LogTail> tails = new EnumMap<>(LogName.class);
    for (LogName log : LogName.values()) {
      long counter = in.getLong();
      byte[] digest = raw(in, LogHead.DIGEST_BYTES);
      long segment = in.getLong();
      long position = in.getLong();
      int length = in.getInt();
      if (counter < 0 || segment < 0 || position < 0 || length < 0 || length > TAIL_BYTES_MAX) {
        return Optional.empty();
      }
      byte[] tail = raw(in, length);
      if (counter > 0) {
        heads.put(log, new LogHead(counter, digest));
      }
      if (length > 0) {
        tails.put(log, new LogTail(segment, position, tail));
      }
    }
    byte[] expected = sha256(in.array(), in.position());
    return Arrays.equals(expected, raw(in, DIGEST_BYTES))
        ? Optional.of(new CounterSlot(sequence, new TrustedCounter.State(new StoreId(store), epoch, heads, tails)))
        : Optional.empty();
  }

  private static byte[] raw(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static byte[] sha256(byte[] bytes, int length) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(bytes, 0, length);
      return sha256.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
