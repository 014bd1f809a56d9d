package org.treatydb.dist.boundary;

import java.io.IOException;
import java.util.Optional;

/** One small file on the host's disk, there as a whole or not at all. What it gives is not believed. Not thread-safe. */
public interface StateFile {

  /** Its bytes; empty if it was never written. */
  Optional<byte[]> read() throws IOException;

  /** Replaces its bytes; durable when this returns. */
  void write(byte[] bytes) throws IOException;
}
