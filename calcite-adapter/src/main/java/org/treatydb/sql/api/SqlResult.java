package org.treatydb.sql.api;

/** What an executed statement gives. */
public sealed interface SqlResult {

  /** Rows, to be read and closed by the caller. */
  record Rows(SqlCursor cursor) implements SqlResult {}

  /** The number of rows a statement inserted, updated or deleted; 0 for DDL and transaction control. */
  record UpdateCount(long rows) implements SqlResult {}
}
