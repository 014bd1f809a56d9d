package org.treatydb.sql.exec;

import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.error.SqlFailure;

/** The rows that one statement holds in memory all at once, within the bounds of a {@link QueryMemory}. Not thread-safe. */
public final class HeldRows implements AutoCloseable {

  /** Memory is reserved in pieces, so that a row seldom touches what all statements share. */
  private static final long PIECE_BYTES = 64 << 10;

  private final QueryMemory memory;
  private long held;
  private long reserved;

  /** Nothing yet. */
  public HeldRows(QueryMemory memory) {
    this.memory = memory;
  }

  /** What one operator of the statement holds. */
  final class Holder {

    private long bytes;

    private Holder() {}

    /** Holds a row; fails with 53200 if that is too much. */
    void add(Object row) {
      add(row, 0);
    }

    /** Holds a row and so many bytes beside it; fails with 53200 if that is too much. */
    void add(Object row, int bytesBeside) {
      long more = RowBytes.held(row) + bytesBeside;
      bytes += more;
      held += more;
      if (held > reserved) {
        reserve();
      }
    }

    /** Lets go of all. */
    void clear() {
      held -= bytes;
      bytes = 0;
      if (held == 0) {
        close();
      }
    }
  }

  Holder newHolder() {
    return new Holder();
  }

  private void reserve() {
    if (held > memory.statementBytesMax()) {
      throw new SqlFailure(SqlState.OUT_OF_MEMORY, "The statement would hold more than " + size(memory.statementBytesMax())
          + " of rows in memory at once, to sort, group, join or change them.");
    }
    long more = held - reserved + Math.min(PIECE_BYTES, memory.statementBytesMax() - held);
    if (!memory.reserve(more)) {
      throw new SqlFailure(SqlState.OUT_OF_MEMORY, "All statements together would hold more than " + size(memory.bytesMax())
          + " of rows in memory at once, to sort, group, join or change them. Try again when others have ended.");
    }
    reserved += more;
  }

  private static String size(long bytes) {
    return bytes < 1 << 20 ? bytes + " bytes" : (bytes >> 20) + " MB";
  }

  /** The statement holds nothing any more. */
  @Override
  public void close() {
    memory.giveBack(reserved);
    reserved = 0;
    held = 0;
  }
}
