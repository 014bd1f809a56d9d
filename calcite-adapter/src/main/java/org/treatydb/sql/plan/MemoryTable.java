package org.treatydb.sql.plan;

import org.apache.calcite.schema.TranslatableTable;
import org.treatydb.sql.exec.MemoryRows;

/** A table, as Calcite sees it, that is not stored. */
interface MemoryTable extends TranslatableTable {

  /** Where a plan gets the rows from. */
  MemoryRows source();
}
