package org.treatydb.kv.boundary;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One segment file of sealed bytes. Not thread-safe. */
public interface SealedLogFile extends AutoCloseable {

  /** Writes all of {@code bytes} at the end of the file. */
  void append(ByteBuffer bytes) throws IOException;

  /** Returns when everything appended is on stable storage. */
  void sync() throws IOException;

  /** Fills {@code target} from {@code position} on, as far as the file goes. */
  void read(long position, ByteBuffer target) throws IOException;

  long size() throws IOException;

  /** Cuts the file to {@code size} bytes, durably. */
  void truncate(long size) throws IOException;

  @Override
  void close() throws IOException;
}
