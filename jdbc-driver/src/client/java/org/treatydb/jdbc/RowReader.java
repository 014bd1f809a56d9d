package org.treatydb.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.calcite.avatica.Meta;

/** The rows of one result, frame by frame, each frame fetched when the one before is used up. Not thread-safe. */
final class RowReader {

  private final SessionLink link;
  private final int statementId;
  private final long rowsMax;
  private final long limitMillis;

  /** Which values of a row are given; null for all. */
  private int[] positions;
  private Iterator<Object> rows;
  private boolean lastFrame;
  private long position;

  /**
   * A reader that begins with {@code first}.
   *
   * @param link fetches the further frames; null if there are none
   * @param rowsMax rows after this many are not given; 0 means no limit
   * @param limitMillis how long the database may work on each further frame; 0 leaves it to the session
   */
  RowReader(SessionLink link, int statementId, Meta.Frame first, long rowsMax, long limitMillis) {
    this.limitMillis = limitMillis;
    this.link = link;
    this.statementId = statementId;
    this.rowsMax = rowsMax;
    this.rows = first.rows.iterator();
    this.lastFrame = first.done || link == null;
  }

  /** Gives of each row only the values at these positions, from 0. */
  RowReader selecting(int[] wanted) {
    positions = wanted;
    return this;
  }

  /** The next row, one value a column; null when there is none. */
  List<?> next(int fetchSize) throws SQLException {
    if (rowsMax > 0 && position >= rowsMax) {
      return null;
    }
    while (!rows.hasNext()) {
      if (lastFrame) {
        return null;
      }
      long left = rowsMax == 0 ? Integer.MAX_VALUE : rowsMax - position;
      int wanted = fetchSize <= 0 ? SessionLink.FETCH_ROWS_DEFAULT : fetchSize;
      Meta.Frame frame = link.fetch(statementId, position, (int) Math.min(left, wanted), limitMillis);
      rows = frame.rows.iterator();
      lastFrame = frame.done;
    }
    Object row = rows.next();
    position++;
    List<?> values = row instanceof List ? (List<?>) row : Arrays.asList((Object[]) row);
    if (positions == null) {
      return values;
    }
    List<Object> selected = new ArrayList<>(positions.length);
    for (int position : positions) {
      selected.add(values.get(position));
    }
    return selected;
  }

  /** Whether the server still holds the rest of this result. */
  boolean isOpenOnServer() {
    return !lastFrame;
  }

  /** How many rows were read. */
  long position() {
    return position;
  }
}
