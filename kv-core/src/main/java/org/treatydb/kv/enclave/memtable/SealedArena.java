package org.treatydb.kv.enclave.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.HostMemory;
import org.treatydb.kv.enclave.crypto.SealContext;
import org.treatydb.kv.enclave.crypto.Sealer;

/**
 * Values sealed in host memory. A place is given once and never again, so it serves as nonce and as associated data: a
 * value that the host changed or moved does not open. Thread-safe.
 */
final class SealedArena implements AutoCloseable {

  private static final int SLAB_BYTES = 1 << 20;

  private final HostMemory.Region region;
  private final Sealer sealer;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<MemorySegment> slabs = new ArrayList<>();
  private int used = SLAB_BYTES;

  SealedArena(HostMemory.Region region, Sealer sealer) {
    this.region = region;
    this.sealer = sealer;
  }

  /** Where a value lies. */
  record Place(MemorySegment slab, int slabIndex, int offset, int length) {

    long number() {
      return (long) slabIndex << 32 | offset;
    }
  }

  Place put(byte[] value) {
    Place place = reserve(value.length + Sealer.TAG_BYTES);
    byte[] sealed = sealer.seal(place.number(), new SealContext.MemoryValue(place.number()), value, 0, value.length);
    MemorySegment.copy(sealed, 0, place.slab(), ValueLayout.JAVA_BYTE, place.offset(), sealed.length);
    return place;
  }

  private Place reserve(int length) {
    lock.lock();
    try {
      if (length > SLAB_BYTES - used) {
        slabs.add(region.allocate(Math.max(SLAB_BYTES, length)));
        used = 0;
      }
      Place place = new Place(slabs.getLast(), slabs.size() - 1, used, length);
      used = Math.min(SLAB_BYTES, used + length);
      return place;
    } finally {
      lock.unlock();
    }
  }

  byte[] get(Place place) {
    byte[] sealed = new byte[place.length()];
    MemorySegment.copy(place.slab(), ValueLayout.JAVA_BYTE, place.offset(), sealed, 0, sealed.length);
    return sealer
        .open(place.number(), new SealContext.MemoryValue(place.number()), sealed, 0, sealed.length)
        .orElseThrow(() -> new KvException.IntegrityViolation("a value in host memory was changed"));
  }

  @Override
  public void close() {
    region.close();
  }
}
