package org.treatydb.sql.api;

import java.util.List;

/**
 * A secondary index, for metadata.
 *
 * @param unique whether no two rows have the same values, of which none is NULL
 * @param columns the columns it is sorted by
 */
public record SqlIndex(String name, boolean unique, List<Column> columns) {

  /** A column of an index. */
  public record Column(String name, boolean descending) {}
}
