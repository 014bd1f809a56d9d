package org.treatydb.sql.session;

import java.util.Iterator;
import java.util.List;
import org.treatydb.sql.api.SqlCursor;

/** Rows of one text column that are there already, such as EXPLAIN's. */
final class ListCursor implements SqlCursor {

  private final Iterator<String> lines;
  private Object[] current;

  ListCursor(List<String> lines) {
    this.lines = lines.iterator();
  }

  @Override
  public boolean next() {
    current = lines.hasNext() ? new Object[] {lines.next()} : null;
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
