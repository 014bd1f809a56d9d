package org.treatydb.kv;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every (key, nonce) under which something was sealed, read from the bytes that were written. A segment's key comes from its salt, its
 * nonces are its batches' first counters. A frame's key comes from its boot's salt, so from its epoch; its nonce stands in its header.
 * Thread-safe.
 */
public final class SeenNonces {

  public static final int SEGMENT_HEADER_BYTES = 98;

  private static final int BATCH_HEADER_BYTES = 17;
  private static final int FRAME_HEADER_BYTES = 26;

  /** Where a (salt, counter) or (epoch, nonce) was seen → the sealed bytes there: others at the same place are a reuse. */
  private final Map<String, byte[]> sealedUnder = new ConcurrentHashMap<>();
  private final Map<String, String> segmentOfSalt = new ConcurrentHashMap<>();
  private final Set<Long> epochs = ConcurrentHashMap.newKeySet();
  private volatile String reuse;

  /** Notes a segment's header; returns the segment's salt. {@code name} is no other segment's. */
  public String noteSegment(String name, byte[] header) {
    String salt = HexFormat.of().formatHex(header, 26, 58);
    String before = segmentOfSalt.putIfAbsent(salt, name);
    if (before != null && !before.equals(name)) {
      reuse = "one salt in " + before + " and " + name;
    }
    return salt;
  }

  /** Notes the batches behind a segment's header, or one of them; stops where there is no whole one. */
  public void noteBatches(String salt, ByteBuffer in) {
    while (in.remaining() > BATCH_HEADER_BYTES) {
      in.get();
      int length = in.getInt();
      long firstCounter = in.getLong();
      in.getInt();
      if (length > in.remaining()) {
        return;
      }
      byte[] sealed = new byte[length];
      in.get(sealed);
      note(salt + "/" + firstCounter, sealed);
    }
  }

  /** Notes the frames of a leaf, or some of them. */
  public void noteFrames(byte[] frames) {
    ByteBuffer in = ByteBuffer.wrap(frames);
    while (in.remaining() > FRAME_HEADER_BYTES) {
      in.getShort();
      long epoch = in.getLong() >>> Integer.SIZE;
      long nonce = in.getLong();
      in.getInt();
      byte[] sealed = new byte[in.getInt()];
      in.get(sealed);
      epochs.add(epoch);
      note("epoch " + epoch + "/" + nonce, sealed);
    }
  }

  private void note(String keyAndNonce, byte[] sealed) {
    byte[] before = sealedUnder.putIfAbsent(keyAndNonce, sealed);
    if (before != null && !Arrays.equals(before, sealed)) {
      reuse = "two different seals under " + keyAndNonce;
    }
  }

  /** Passes if nothing was used twice. */
  public void check() {
    if (reuse != null) {
      throw new AssertionError(reuse);
    }
  }

  /** Boots that have sealed frames. */
  public int epochs() {
    return epochs.size();
  }

  public int segments() {
    return segmentOfSalt.size();
  }
}
