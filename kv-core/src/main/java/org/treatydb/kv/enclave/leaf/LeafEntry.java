package org.treatydb.kv.enclave.leaf;

import java.util.Arrays;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

/**
 * What the directory knows of one leaf. Immutable (the arrays are not copied and must not change).
 *
 * @param firstKey the smallest key the leaf may hold; it goes up to the next leaf's first key
 * @param leafId its name in the sealed store; meaningless outside
 * @param flushIds the flushes that wrote its frames, in the order the frames must have; empty for a leaf without
 *     entries
 * @param baseBytes sealed bytes of the first frame
 * @param deltaBytes sealed bytes of the others
 * @param versions versions of keys in all frames
 * @param garbage about how many of these a rewriting would drop, once nobody reads older ones than the newest
 */
public record LeafEntry(byte[] firstKey, long leafId, long[] flushIds, int baseBytes, int deltaBytes, int versions, int garbage) {

  /** Frames a leaf may have. */
  static final int FRAMES_MAX = 64;

  private static final int ENCODED_OVERHEAD_BYTES = 2 + Long.BYTES + 1 + 4 * 5;

  /** The one leaf of an empty store. */
  static final LeafEntry EMPTY = new LeafEntry(new byte[0], 0, new long[0], 0, 0, 0, 0);

  /** Whether there is nothing of it in the sealed store. */
  boolean isEmpty() {
    return flushIds.length == 0;
  }

  /** The flush that wrote its last frame; there must be one. */
  long lastFlushId() {
    return flushIds[flushIds.length - 1];
  }

  /** The same leaf with one frame more. */
  LeafEntry withDelta(long flushId, int bytes, int deltaVersions, int deltaGarbage) {
    long[] flushes = Arrays.copyOf(flushIds, flushIds.length + 1);
    flushes[flushIds.length] = flushId;
    return new LeafEntry(
        firstKey, leafId, flushes, baseBytes, deltaBytes + bytes, versions + deltaVersions, garbage + deltaGarbage);
  }

  /** Bytes it takes in the MANIFEST, at most. */
  int encodedBytes() {
    return firstKey.length + flushIds.length * Long.BYTES + ENCODED_OVERHEAD_BYTES;
  }

  void encode(ByteWriter out) {
    out.bytes(firstKey).i64(leafId).varint(flushIds.length);
    for (long flushId : flushIds) {
      out.i64(flushId);
    }
    out.varint(baseBytes).varint(deltaBytes).varint(versions).varint(garbage);
  }

  static LeafEntry decode(ByteReader in) {
    byte[] firstKey = in.bytes(KvStore.KEY_BYTES_MAX);
    long leafId = in.i64();
    long[] flushIds = new long[in.varint(FRAMES_MAX)];
    for (int i = 0; i < flushIds.length; i++) {
      flushIds[i] = in.i64();
    }
    return new LeafEntry(
        firstKey, leafId, flushIds,
        in.varint(Integer.MAX_VALUE), in.varint(Integer.MAX_VALUE), in.varint(Integer.MAX_VALUE), in.varint(Integer.MAX_VALUE));
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof LeafEntry other
        && leafId == other.leafId && baseBytes == other.baseBytes && deltaBytes == other.deltaBytes
        && versions == other.versions && garbage == other.garbage
        && Arrays.equals(firstKey, other.firstKey) && Arrays.equals(flushIds, other.flushIds);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(leafId) ^ Arrays.hashCode(flushIds);
  }
}
