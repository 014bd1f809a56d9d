package org.treatydb.jdbc.meta;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.treatydb.sql.api.SqlCursor;

/** Rows in memory. Not thread-safe. */
final class KeptRows implements SqlCursor {

  private final Iterator<Object[]> rows;
  private Object[] current;

  KeptRows(List<Object[]> rows) {
    this.rows = rows.iterator();
  }

  /** Reads the rows of {@code cursor}, and closes it. */
  static List<Object[]> of(SqlCursor cursor) throws SQLException {
    try (cursor) {
      List<Object[]> rows = new ArrayList<>();
      while (cursor.next()) {
        rows.add(cursor.row().clone());
      }
      return rows;
    }
  }

  @Override
  public boolean next() {
    current = rows.hasNext() ? rows.next() : null;
    return current != null;
  }

  @Override
  public Object[] row() {
    return current;
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
