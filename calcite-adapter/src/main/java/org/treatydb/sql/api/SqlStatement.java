package org.treatydb.sql.api;

import java.sql.SQLException;
import java.util.List;

/** A prepared statement of one session. Executing it again after the schema changed plans it anew. Not thread-safe. */
public interface SqlStatement {

  /** What a statement is, as far as a driver must know. */
  enum Kind {
    /** Gives rows. */
    QUERY,
    /** INSERT, UPDATE, DELETE: gives a count, or, with RETURNING, rows. */
    MODIFY,
    /** CREATE, DROP: gives a count of 0. */
    DEFINE,
    /** Transaction control: gives a count of 0. */
    CONTROL
  }

  String sql();

  Kind kind();

  /** The types of the {@code ?} parameters, in order. */
  List<SqlColumn> parameters();

  /** The columns of the rows; empty if the statement gives none. */
  List<SqlColumn> columns();

  /** Whether executing it gives rows, not a count. */
  default boolean givesRows() {
    return !columns().isEmpty();
  }

  /** Whether its rows are there because its caller asked for keys: for others it is an INSERT that gives a count, that of these rows. */
  default boolean givesKeys() {
    return false;
  }

  /**
   * Runs the statement.
   *
   * @param parameters one value for each {@code ?}, null for NULL; the value classes that {@link SqlCursor#row} lists, or any that converts
   *     to the parameter's type without loss (String for every type, any Number for numeric types, java.sql and java.time classes for
   *     date and time types)
   */
  SqlResult execute(List<Object> parameters) throws SQLException;
}
