package org.treatydb.kv.host.system;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.treatydb.kv.boundary.HostMemory;

/** Memory outside the Java heap. Reading a region after it was closed throws; it never reads freed memory. */
public final class OffHeapMemory implements HostMemory {

  @Override
  public Region newRegion() {
    Arena arena = Arena.ofShared();
    return new Region() {
      @Override
      public MemorySegment allocate(long bytes) {
        return arena.allocate(bytes);
      }

      @Override
      public void close() {
        arena.close();
      }
    };
  }
}
