package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * What ANALYZE found in a table. Immutable.
 *
 * @param rows how many rows it had
 * @param columns what their columns held, by column id
 */
public record TableStatistics(long rows, ImmutableMap<Integer, ColumnStatistics> columns) {

  public TableStatistics(long rows, Map<Integer, ColumnStatistics> columns) {
    this(rows, ImmutableMap.copyOf(columns));
  }
}
