package org.treatydb.kv.enclave.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.HostMemory;
import org.treatydb.kv.enclave.crypto.SealContext;
import org.treatydb.kv.enclave.crypto.Sealer;

/**
 * Chunks of bytes, sealed in host memory. A chunk's number names its place and is given once and never again, so it
 * serves as nonce and as associated data: a chunk that the host changed or moved does not open. One thread at a time
 * puts; any number get.
 */
final class SealedArena implements AutoCloseable {

  private static final int SLAB_BYTES = 256 << 10;

  /** Longer chunks get memory of their own, so that little is lost at the end of a slab. */
  private static final int CHUNK_IN_SLAB_BYTES_MAX = SLAB_BYTES / 8;

  private final HostMemory.Region region;
  private final Sealer sealer;
  private MemorySegment slab;
  private long slabNumber;
  private long segments;
  private int used = SLAB_BYTES;
  private long bytes;

  SealedArena(HostMemory.Region region, Sealer sealer) {
    this.region = region;
    this.sealer = sealer;
  }

  /**
   * Where a chunk lies, and in this arena no other.
   *
   * @param offset in {@code slab}
   * @param length bytes there
   */
  record Chunk(long number, MemorySegment slab, int offset, int length) {}

  /** Seals the first {@code length} bytes of {@code plain}. */
  Chunk put(byte[] plain, int length) {
    Chunk chunk = reserve(length + Sealer.TAG_BYTES);
    byte[] sealed = sealer.seal(chunk.number(), new SealContext.MemoryValue(chunk.number()), plain, 0, length);
    MemorySegment.copy(sealed, 0, chunk.slab(), ValueLayout.JAVA_BYTE, chunk.offset(), sealed.length);
    return chunk;
  }

  private Chunk reserve(int length) {
    bytes += length;
    if (length > CHUNK_IN_SLAB_BYTES_MAX) {
      return new Chunk(++segments << Integer.SIZE, region.allocate(length), 0, length);
    }
    if (length > SLAB_BYTES - used) {
      bytes += SLAB_BYTES - used;
      slab = region.allocate(SLAB_BYTES);
      slabNumber = ++segments;
      used = 0;
    }
    Chunk chunk = new Chunk(slabNumber << Integer.SIZE | used, slab, used, length);
    used += length;
    return chunk;
  }

  /** Host memory used for chunks, and lost between them. To be asked by the thread that puts. */
  long bytes() {
    return bytes;
  }

  byte[] get(Chunk chunk) {
    byte[] sealed = new byte[chunk.length()];
    MemorySegment.copy(chunk.slab(), ValueLayout.JAVA_BYTE, chunk.offset(), sealed, 0, sealed.length);
    return sealer
        .open(chunk.number(), new SealContext.MemoryValue(chunk.number()), sealed, 0, sealed.length)
        .orElseThrow(() -> new KvException.IntegrityViolation("a value in host memory was changed"));
  }

  @Override
  public void close() {
    region.close();
  }
}
