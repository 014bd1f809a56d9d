package org.treatydb.sql.system;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;

/**
 * A table of the schema {@code sys}. Immutable, thread-safe.
 *
 * @param rows reads them
 * @param isRestricted whether it shows what others do, and is for superusers only
 */
public record SystemView(String name, ImmutableList<ColumnDescriptor> columns, Reader rows, boolean isRestricted) {

  /** A restricted view. */
  SystemView(String name, ImmutableList<ColumnDescriptor> columns, Reader rows) {
    this(name, columns, rows, true);
  }

  /** This view, of the catalog only, of which everybody gets what he may list. */
  SystemView forEverybody() {
    return new SystemView(name, columns, rows, false);
  }

  /** Gives the rows of one moment, as Calcite's run-time values. Takes no locks. */
  @FunctionalInterface
  interface Reader {

    /**
     * Reads.
     *
     * @param catalog tells what tables keys belong to; lists what the reader may list
     * @param nowMillis the time of the statement
     */
    List<Object[]> read(Catalog catalog, long nowMillis);
  }
}
