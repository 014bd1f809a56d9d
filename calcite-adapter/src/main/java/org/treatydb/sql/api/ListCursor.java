package org.treatydb.sql.api;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Rows that are in memory already, such as EXPLAIN's. Not thread-safe. */
public final class ListCursor implements SqlCursor {

  private final Iterator<Object[]> rows;
  private Object[] current;

  public ListCursor(List<Object[]> rows) {
    this.rows = rows.iterator();
  }

  /** Reads the rows of {@code cursor}, and closes it. */
  public static List<Object[]> read(SqlCursor cursor) throws SQLException {
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
    // Holds nothing.
  }
}
