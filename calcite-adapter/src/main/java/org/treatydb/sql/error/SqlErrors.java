package org.treatydb.sql.error;

import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTransactionRollbackException;
import org.treatydb.sql.api.SqlState;

/** Makes the {@link SQLException} subclass that JDBC assigns to each class of SQLState. */
public final class SqlErrors {

  private SqlErrors() {}

  public static SQLException of(SqlState state, String message) {
    return of(state.code(), message, null);
  }

  /** As {@link #of(SqlState, String)}; {@code state}: that of a failure before. */
  public static SQLException of(String state, String message) {
    return of(state, message, null);
  }

  static SQLException of(String state, String message, Throwable cause) {
    return switch (state.substring(0, 2)) {
      case "08" -> new SQLNonTransientConnectionException(message, state, cause);
      case "0A" -> new SQLFeatureNotSupportedException(message, state, cause);
      case "21", "22" -> new SQLDataException(message, state, cause);
      case "23" -> new SQLIntegrityConstraintViolationException(message, state, cause);
      case "28" -> new SQLInvalidAuthorizationSpecException(message, state, cause);
      case "3F", "42" -> new SQLSyntaxErrorException(message, state, cause);
      case "40" -> new SQLTransactionRollbackException(message, state, cause);
      default -> new SQLNonTransientException(message, state, cause);
    };
  }
}
