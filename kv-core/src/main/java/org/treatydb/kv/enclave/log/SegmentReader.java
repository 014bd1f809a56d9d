package org.treatydb.kv.enclave.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;

/**
 * Reads one segment. Behind its last batch there may be zeros, which the host has written ahead: they are the end of the
 * segment, since no batch begins with a zero. Not thread-safe.
 */
final class SegmentReader implements AutoCloseable {

  private static final int CHUNK_BYTES = 1 << 20;

  private final SealedLogFile file;
  private final long size;

  SegmentReader(SealedLogStorage storage, long segment) throws IOException {
    file = storage.open(segment);
    size = file.size();
  }

  /** The segment's length in bytes, zeros at its end included. */
  long size() {
    return size;
  }

  /** The {@code length} bytes from {@code position} on, or as many as there are. */
  byte[] read(long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(length, Math.max(0, size - position)));
    file.read(position, buffer);
    if (buffer.hasRemaining()) {
      throw new IOException("the file ended " + buffer.remaining() + " bytes early");
    }
    return buffer.array();
  }

  /** Whether nothing but zeros, if anything, lies behind {@code position}. */
  boolean endsAt(long position) throws IOException {
    for (long at = position; at < size; at += CHUNK_BYTES) {
      byte[] chunk = read(at, CHUNK_BYTES);
      if (withoutZerosAtEnd(chunk) > 0) {
        return false;
      }
    }
    return true;
  }

  /** How many bytes there are before the zeros at the end. */
  static int withoutZerosAtEnd(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
