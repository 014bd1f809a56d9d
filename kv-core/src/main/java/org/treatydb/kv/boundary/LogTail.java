package org.treatydb.kv.boundary;

import java.util.Arrays;

/**
 * The end of a log that a trusted counter keeps together with the log's head: sealed batches, which the disk of the log may
 * not hold yet.
 *
 * @param segment the segment they belong to
 * @param position where in it they begin, in bytes
 * @param bytes one batch behind the other, the last of which leads to the head (not copied, must not change)
 */
public record LogTail(long segment, long position, byte[] bytes) {

  public static final LogTail NONE = new LogTail(0, 0, new byte[0]);

  public LogTail {
    if (segment < 0 || position < 0) {
      throw new IllegalArgumentException("segment " + segment + ", position " + position);
    }
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof LogTail other && segment == other.segment && position == other.position && Arrays.equals(bytes, other.bytes);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(position) ^ Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes at " + position + " of segment " + segment;
  }
}
