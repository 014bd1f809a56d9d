package org.treatydb.sql.error;

import java.util.Objects;
import org.treatydb.sql.api.SqlState;

/**
 * A user-visible failure on its way to the statement boundary, where {@link ErrorTranslator} makes a {@link java.sql.SQLException} of it.
 * Unchecked, because it passes through Calcite's interfaces and generated code.
 */
public final class SqlFailure extends RuntimeException {

  private final SqlState state;

  public SqlFailure(SqlState state, String message) {
    this(state, message, null);
  }

  public SqlFailure(SqlState state, String message, Throwable cause) {
    super(message, cause);
    this.state = Objects.requireNonNull(state, "state");
  }

  public SqlState state() {
    return state;
  }
}
