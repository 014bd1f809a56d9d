package org.treatydb.sql.exec;

import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;

/** A table of a plan whose rows are in memory; generated code opens it. Immutable, thread-safe. */
public interface MemoryRows {

  /** The rows, as arrays; within one execution always the same. */
  Enumerable<Object[]> open(DataContext context);

  /** The rows of a table with one column, as bare values. */
  default Enumerable<Object> openScalar(DataContext context) {
    return open(context).select(row -> row[0]);
  }
}
