package org.treatydb.kv.enclave.leaf;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.lz4.Lz4JavaCompressor;
import io.airlift.compress.v3.lz4.Lz4JavaDecompressor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.crypto.SealContext;
import org.treatydb.kv.enclave.crypto.Sealer;

/**
 * One frame on disk. Format 1: version, codec (0 plain, 1 LZ4), flush id (8 bytes), nonce (8), raw length (4), sealed
 * length (4), sealed bytes. A leaf's value is its frames one behind the other; frames of flushes that the directory
 * does not name are passed over: they are what a crash left, or what the adversary put there. Thread-safe.
 */
final class FrameCodec {

  static final int HEADER_BYTES = 1 + 1 + Long.BYTES + Long.BYTES + Integer.BYTES + Integer.BYTES;

  private static final int VERSION = 1;
  private static final int PLAIN = 0;
  private static final int LZ4 = 1;

  private final StoreId store;
  private final FrameSealers sealers;
  private final ConcurrentLinkedQueue<Lz4JavaCompressor> idle = new ConcurrentLinkedQueue<>();

  FrameCodec(StoreId store, FrameSealers sealers) {
    this.store = store;
    this.sealers = sealers;
  }

  /** Compresses and seals a block as the frame that {@code flushId} puts at {@code position} of the leaf. */
  byte[] seal(long leafId, long flushId, int position, byte[] block) {
    Lz4JavaCompressor lz4 = Optional.ofNullable(idle.poll()).orElseGet(Lz4JavaCompressor::new);
    byte[] compressed = new byte[lz4.maxCompressedLength(block.length)];
    int compressedBytes = lz4.compress(block, 0, block.length, compressed, 0, compressed.length);
    idle.offer(lz4);
    boolean shorter = compressedBytes < block.length;
    int codec = shorter ? LZ4 : PLAIN;
    long nonce = sealers.nextNonce();
    SealContext context = new SealContext.Frame(store, leafId, flushId, position, codec, block.length);
    byte[] sealed =
        sealers.of(flushId).seal(nonce, context, shorter ? compressed : block, 0, shorter ? compressedBytes : block.length);
    return new ByteWriter(HEADER_BYTES + sealed.length)
        .u8(VERSION).u8(codec).i64(flushId).i64(nonce).i32(block.length).i32(sealed.length).raw(sealed)
        .toByteArray();
  }

  /**
   * Opens exactly the frames that the directory names, in order.
   *
   * @param bytes the leaf's value as the sealed store gave it; null if it gave none
   * @throws KvException.IntegrityViolation if one is missing, changed, or not where it belongs
   */
  List<EntryBlock> open(LeafEntry leaf, byte[] bytes) {
    List<EntryBlock> blocks = new ArrayList<>(leaf.flushIds().length);
    ByteReader in = new ByteReader(bytes == null ? new byte[0] : bytes);
    try {
      while (sealers.checkDirectory() ? blocks.size() < leaf.flushIds().length : in.remaining() > 0) {
        openNext(leaf, bytes, in, blocks);
      }
    } catch (MalformedBytesException e) {
      throw violation(leaf, blocks.size(), "is missing or damaged", e);
    }
    return blocks;
  }

  private void openNext(LeafEntry leaf, byte[] bytes, ByteReader in, List<EntryBlock> blocks) {
    int position = blocks.size();
    in.version(VERSION);
    int codec = in.u8();
    long flushId = in.i64();
    long nonce = in.i64();
    int rawBytes = in.i32();
    int sealedBytes = in.i32();
    int at = in.position();
    in.skip(sealedBytes);
    if (sealers.checkDirectory() && flushId != leaf.flushIds()[position]) {
      return;
    }
    Sealer sealer = sealers.of(flushId);
    SealContext context = new SealContext.Frame(store, leaf.leafId(), flushId, position, codec, rawBytes);
    Optional<byte[]> body = sealer == null ? Optional.empty() : sealer.open(nonce, context, bytes, at, sealedBytes);
    byte[] block = decompress(codec, rawBytes, body.orElseThrow(() -> violation(leaf, position, "was changed", null)));
    blocks.add(EntryBlock.decode(block, sealers.loadTimestamp(flushId)));
  }

  /**
   * Whether {@code bytes} are whole frames, one behind the other, whatever they hold: what a crash leaves behind the
   * frames that count is whole frames, too, and behind anything else no further frame would be found.
   */
  static boolean isFramed(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    try {
      while (in.remaining() > 0) {
        in.version(VERSION);
        in.skip(HEADER_BYTES - 1 - Integer.BYTES);
        in.skip(in.i32());
      }
      return true;
    } catch (MalformedBytesException e) {
      return false;
    }
  }

  private static byte[] decompress(int codec, int rawBytes, byte[] body) {
    if (codec == PLAIN) {
      return body;
    }
    byte[] block = new byte[rawBytes];
    try {
      if (new Lz4JavaDecompressor().decompress(body, 0, body.length, block, 0, rawBytes) == rawBytes) {
        return block;
      }
    } catch (MalformedInputException e) {
      // The same as another length.
    }
    throw new MalformedBytesException("a frame does not decompress");
  }

  private static KvException violation(LeafEntry leaf, int position, String what, Throwable cause) {
    return new KvException.IntegrityViolation(
        ErrorCode.INTEGRITY_VIOLATION,
        "stored data do not match the directory: frame %d of leaf %d %s".formatted(position, leaf.leafId(), what),
        cause);
  }
}
