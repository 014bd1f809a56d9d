package org.treatydb.kv.enclave.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.boundary.HostMemory;
import org.treatydb.kv.host.system.OffHeapMemory;

/** Real memory outside the heap, into which the adversary looks and writes. */
final class WatchedMemory implements HostMemory {

  private final OffHeapMemory memory = new OffHeapMemory();
  private final List<MemorySegment> handedOut = new ArrayList<>();
  private boolean givenBack;

  @Override
  public Region newRegion() {
    Region region = memory.newRegion();
    return new Region() {
      @Override
      public MemorySegment allocate(long bytes) {
        MemorySegment segment = region.allocate(bytes);
        handedOut.add(segment);
        return segment;
      }

      @Override
      public void close() {
        givenBack = true;
        region.close();
      }
    };
  }

  boolean isGivenBack() {
    return givenBack;
  }

  long bytes() {
    return handedOut.stream().mapToLong(MemorySegment::byteSize).sum();
  }

  byte[] read(int offset, int length) {
    return handedOut.getFirst().asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }

  void write(int offset, byte[] bytes) {
    MemorySegment.copy(bytes, 0, handedOut.getFirst(), ValueLayout.JAVA_BYTE, offset, bytes.length);
  }

  void flip(int offset, int bit) {
    byte[] one = read(offset, 1);
    one[0] ^= (byte) (1 << bit);
    write(offset, one);
  }
}
