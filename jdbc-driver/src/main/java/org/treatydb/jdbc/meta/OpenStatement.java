package org.treatydb.jdbc.meta;

import java.sql.SQLException;
import java.util.List;
import org.apache.calcite.avatica.Meta;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.sql.api.ListCursor;
import org.treatydb.sql.api.SqlCursor;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlStatement;

/** A statement of an {@link OpenSession}, and the cursor over its rows while some are unread. Not thread-safe. */
final class OpenStatement {

  private SqlStatement prepared;
  private FrameReader reader;

  /**
   * A statement.
   *
   * @param prepared null until there is SQL
   */
  OpenStatement(SqlStatement prepared) {
    this.prepared = prepared;
  }

  SqlStatement prepared() {
    return prepared;
  }

  SqlResult execute(List<Object> parameters) throws SQLException {
    if (prepared == null) {
      throw SqlErrors.of(SqlErrors.SEQUENCE_ERROR, "The statement was never prepared.");
    }
    closeCursor();
    return prepared.execute(parameters);
  }

  /** Becomes {@code statement}, which has no parameters, and executes it. */
  SqlResult execute(SqlStatement statement) throws SQLException {
    prepared = statement;
    return prepared.execute(List.of());
  }

  /** Takes a new result, and gives its first frame. */
  Meta.Frame read(SqlCursor cursor, int rowsMax) throws SQLException {
    reader = new FrameReader(cursor);
    return fetch(0, rowsMax);
  }

  /** Takes rows to be fetched; none leave nothing to be fetched. */
  void keep(List<Object[]> rows) {
    closeCursor();
    if (!rows.isEmpty()) {
      reader = new FrameReader(new ListCursor(rows));
    }
  }

  /** The rows from {@code offset}, which must be where the last frame ended. */
  Meta.Frame fetch(long offset, int rowsMax) throws SQLException {
    if (reader == null) {
      throw SqlErrors.of(SqlErrors.INVALID_CURSOR, "The rows of this result are read, or it was closed.");
    }
    boolean done = true;
    try {
      Meta.Frame frame = reader.next(offset, rowsMax);
      done = frame.done;
      return frame;
    } finally {
      if (done) {
        closeCursor();
      }
    }
  }

  boolean isReading() {
    return reader != null;
  }

  void closeCursor() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
