package org.treatydb.kv.enclave.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;

/**
 * The stable part of a log as it was at one moment, while others append to the log: to be copied. Its segments are kept
 * until this is closed. The bytes copied are sealed ones, and are not opened. Not thread-safe.
 */
public final class LogExtent implements AutoCloseable {

  private static final int CHUNK_BYTES = 1 << 20;

  private final SegmentWriter writer;
  private final LogHead head;
  private final SegmentWriter.Position end;
  private final List<Long> segments;
  private final AtomicBoolean closed = new AtomicBoolean();

  LogExtent(SegmentWriter writer, LogHead head, SegmentWriter.Position end) {
    this.writer = writer;
    this.head = head;
    this.end = end;
    this.segments = writer.pin(end.segment());
  }

  /** Where the log stood. */
  public LogHead head() {
    return head;
  }

  /**
   * Copies the segments, up to the head and no further, and returns when they are durable.
   *
   * @return the bytes copied
   * @throws KvException.Unavailable if the disk fails
   */
  public long copyTo(SealedLogStorage target) {
    long copied = 0;
    try {
      for (long segment : segments) {
        try (SealedLogFile from = writer.storage().open(segment); SealedLogFile to = target.create(segment)) {
          long length = segment == end.segment() ? end.bytes() : from.size();
          copy(from, to, length);
          to.sync();
          copied += length;
        }
      }
      return copied;
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot copy a log: " + e.getMessage(), e);
    }
  }

  private static void copy(SealedLogFile from, SealedLogFile to, long length) throws IOException {
    for (long at = 0; at < length; at += CHUNK_BYTES) {
      ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, length - at));
      from.read(at, chunk);
      if (chunk.hasRemaining()) {
        throw new IOException("a segment is shorter than it was written");
      }
      to.append(chunk.flip());
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      writer.unpin();
    }
  }
}
