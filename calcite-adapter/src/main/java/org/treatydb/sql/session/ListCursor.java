package org.treatydb.sql.session;

import java.util.Iterator;
import java.util.List;
import org.treatydb.sql.api.SqlCursor;

/** Rows that are there already, such as EXPLAIN's. */
final class ListCursor implements SqlCursor {

  private final Iterator<Object[]> rows;
  private Object[] current;

  ListCursor(List<Object[]> rows) {
    this.rows = rows.iterator();
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
