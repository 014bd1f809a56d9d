package org.treatydb.jdbc.meta;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.calcite.avatica.Meta;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.sql.api.SqlCursor;

/**
 * Cuts the rows of a cursor into frames, bounded in rows and in bytes. It reads one row ahead, so that the last frame is known to be the
 * last and costs no further request. Not thread-safe.
 */
final class FrameReader implements AutoCloseable {

  /** Rows of a frame for which the client asks for no number, or a senseless one. */
  static final int FRAME_ROWS_DEFAULT = 1000;
  static final int FRAME_ROWS_MAX = 100_000;
  /** A frame ends after the row that makes it this long, by {@link #bytesOf}. */
  static final long FRAME_BYTES_MAX = 1L << 20;

  private static final int VALUE_BYTES = 16;

  private final SqlCursor cursor;
  private Object[] ahead;
  private boolean started;
  private long offset;

  FrameReader(SqlCursor cursor) {
    this.cursor = cursor;
  }

  /**
   * The next frame.
   *
   * @param expectedOffset the number of rows the client has; a request that repeats or skips some is refused
   * @param rowsMax 0 or less leaves it to the server
   */
  Meta.Frame next(long expectedOffset, int rowsMax) throws SQLException {
    if (expectedOffset != offset) {
      throw SqlErrors.of(SqlErrors.INVALID_CURSOR,
          "Rows are read once and in order: asked for those from " + expectedOffset + " on, but " + offset + " were read.");
    }
    int rowsLimit = rowsMax <= 0 ? FRAME_ROWS_DEFAULT : Math.min(rowsMax, FRAME_ROWS_MAX);
    if (!started) {
      started = true;
      advance();
    }
    List<Object> rows = new ArrayList<>();
    long bytes = 0;
    while (ahead != null && rows.size() < rowsLimit && bytes < FRAME_BYTES_MAX) {
      rows.add(ahead);
      bytes += bytesOf(ahead);
      advance();
    }
    Meta.Frame frame = new Meta.Frame(offset, ahead == null, rows);
    offset += rows.size();
    return frame;
  }

  private void advance() throws SQLException {
    ahead = cursor.next() ? cursor.row().clone() : null;
    for (int i = 0; ahead != null && i < ahead.length; i++) {
      if (ahead[i] instanceof UUID uuid) {
        ahead[i] = uuid.toString();
      }
    }
  }

  private static long bytesOf(Object[] row) {
    long bytes = 0;
    for (Object value : row) {
      bytes += VALUE_BYTES + (value instanceof String text ? text.length() : value instanceof byte[] array ? array.length : 0);
    }
    return bytes;
  }

  @Override
  public void close() {
    cursor.close();
  }
}
