package org.treatydb.kv.boundary;

import java.lang.foreign.MemorySegment;

/**
 * Memory outside the trusted heap, for sealed bytes only. In a confidential VM it is as protected as the heap; under
 * SGX it lies outside the enclave. Thread-safe.
 */
public interface HostMemory {

  /** A pool of memory that is given back as a whole. */
  interface Region extends AutoCloseable {

    /** {@code bytes} zeroed bytes, usable by any thread until the region is closed. */
    MemorySegment allocate(long bytes);

    @Override
    void close();
  }

  Region newRegion();
}
