package org.treatydb.sql.system;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;

/**
 * A table of the schema {@code sys}. Immutable, thread-safe.
 *
 * @param rows reads them
 */
public record SystemView(String name, ImmutableList<ColumnDescriptor> columns, Reader rows) {

  /** Gives the rows of one moment, as Calcite's run-time values. Takes no locks. */
  @FunctionalInterface
  interface Reader {

    /**
     * Reads.
     *
     * @param catalog tells what tables keys belong to
     * @param nowMillis the time of the statement
     */
    List<Object[]> read(Catalog catalog, long nowMillis);
  }
}
