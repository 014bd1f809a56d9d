package org.treatydb.kv.boundary;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One segment file of sealed bytes. The host may write zeros ahead of what is appended, and cuts them off when the file is
 * closed; a file that was not closed may still end in them. Not thread-safe.
 */
public interface SealedLogFile extends AutoCloseable {

  /** Writes all of {@code bytes} behind what was appended before. */
  void append(ByteBuffer bytes) throws IOException;

  /** Returns when everything appended is on stable storage. */
  void sync() throws IOException;

  /** Fills {@code target} from {@code position} on, as far as the file goes. */
  void read(long position, ByteBuffer target) throws IOException;

  /** The bytes appended; of a file that was opened, all the bytes it had then. */
  long size() throws IOException;

  /** Cuts the file to {@code size} bytes, durably. */
  void truncate(long size) throws IOException;

  @Override
  void close() throws IOException;
}
