package org.treatydb.kv.enclave.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.treatydb.kv.boundary.LogTail;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;

/**
 * Reads one segment. Behind its last batch there may be zeros, which the host has written ahead: they are the end of the
 * segment, since no batch begins with a zero. Not thread-safe.
 */
final class SegmentReader implements AutoCloseable {

  private static final int CHUNK_BYTES = 1 << 20;

  private final SealedLogFile file;
  private final LogTail tail;
  private final long size;

  SegmentReader(SealedLogStorage storage, long segment) throws IOException {
    this(storage, segment, LogTail.NONE);
  }

  /**
   * Reads a segment of a log whose end the trusted counter keeps: where {@code tail} lies, it is read in place of the file, whatever
   * a crash has left there. The segment then ends where the tail does.
   */
  SegmentReader(SealedLogStorage storage, long segment, LogTail tail) throws IOException {
    file = storage.open(segment);
    boolean ends = !tail.isEmpty() && tail.segment() == segment && tail.position() <= file.size();
    this.tail = ends ? tail : LogTail.NONE;
    size = ends ? tail.position() + tail.bytes().length : file.size();
  }

  /** Whether the segment ends in the tail that the counter keeps. */
  boolean endsInTail() {
    return !tail.isEmpty();
  }

  /** The segment's length in bytes, zeros at its end included. */
  long size() {
    return size;
  }

  /** The {@code length} bytes from {@code position} on, or as many as there are. */
  byte[] read(long position, int length) throws IOException {
    byte[] bytes = new byte[(int) Math.min(length, Math.max(0, size - position))];
    int fromFile = tail.isEmpty() ? bytes.length : Math.clamp(tail.position() - position, 0, bytes.length);
    if (fromFile > 0) {
      ByteBuffer target = ByteBuffer.wrap(bytes, 0, fromFile);
      file.read(position, target);
      if (target.hasRemaining()) {
        throw new IOException("the file ended " + target.remaining() + " bytes early");
      }
    }
    if (fromFile < bytes.length) {
      System.arraycopy(tail.bytes(), (int) (position + fromFile - tail.position()), bytes, fromFile, bytes.length - fromFile);
    }
    return bytes;
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
