package org.treatydb.jdbc.meta;

import java.sql.SQLException;

/** Carries a SQLException through Avatica's interfaces, which declare none. */
final class SqlFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final SQLException exception;

  SqlFailure(SQLException exception) {
    super(exception);
    this.exception = exception;
  }

  SQLException exception() {
    return exception;
  }
}
