package org.treatydb.sql.exec;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that queries may take for rows they must hold all at once, to sort, group or join them: a bound for all statements of a
 * database together, and half of it for one. What it counts is an estimate. Thread-safe.
 */
public final class QueryMemory {

  private final long bytesMax;
  private final AtomicLong reserved = new AtomicLong();

  /** {@code bytesMax}: for all statements together. */
  public QueryMemory(long bytesMax) {
    if (bytesMax <= 0) {
      throw new IllegalArgumentException("queries need some memory, not " + bytesMax + " bytes");
    }
    this.bytesMax = bytesMax;
  }

  /** A quarter of the heap. */
  public static QueryMemory ofHeap() {
    return new QueryMemory(Math.max(1, Runtime.getRuntime().maxMemory() / 4));
  }

  long statementBytesMax() {
    return bytesMax / 2;
  }

  long bytesMax() {
    return bytesMax;
  }

  /** Whether there was room. */
  boolean reserve(long bytes) {
    if (reserved.addAndGet(bytes) <= bytesMax) {
      return true;
    }
    giveBack(bytes);
    return false;
  }

  void giveBack(long bytes) {
    reserved.addAndGet(-bytes);
  }

  /** What statements have reserved now. */
  public long reserved() {
    return reserved.get();
  }
}
