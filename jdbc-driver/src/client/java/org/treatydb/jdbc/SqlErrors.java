package org.treatydb.jdbc;

import java.sql.BatchUpdateException;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;

/** Makes the SQLException subclass that fits a SQLState, on the client as on the server. */
public final class SqlErrors {

  /** The database cannot be reached, or refuses the options given. */
  public static final String CANNOT_CONNECT = "08001";
  /** The connection is closed, or the server does not know it. */
  public static final String CONNECTION_CLOSED = "08003";
  /** The connection broke; nothing that was not committed before is in the database. */
  public static final String CONNECTION_LOST = "08006";
  /** The connection broke during what may have been a commit: it may or may not have happened. */
  public static final String OUTCOME_UNKNOWN = "08007";
  /** The other side broke the protocol. */
  public static final String PROTOCOL_VIOLATION = "08P01";
  public static final String UNSUPPORTED = "0A000";
  /** A parameter has no value. */
  public static final String PARAMETER_MISSING = "07001";
  /** A statement that gives no rows was run as a query. */
  public static final String NOT_A_QUERY = "07005";
  /** There is no parameter or column of that number. */
  public static final String INVALID_INDEX = "07009";
  public static final String NUMERIC_OUT_OF_RANGE = "22003";
  public static final String INVALID_DATETIME = "22007";
  public static final String INVALID_CONVERSION = "22018";
  public static final String INVALID_ARGUMENT = "22023";
  /** The result set is closed, or not at a row. */
  public static final String INVALID_CURSOR = "24000";
  /** Nobody has signed in, or cannot any more, or not now. */
  public static final String NOT_SIGNED_IN = "28000";
  public static final String WRONG_PASSWORD = "28P01";
  public static final String NO_TRANSACTION = "25P01";
  public static final String INVALID_SAVEPOINT = "3B001";
  public static final String UNKNOWN_COLUMN = "42703";
  public static final String TOO_LARGE = "54000";
  /** The statement was cancelled, by somebody or because it took too long. */
  public static final String CANCELLED = "57014";
  /** The database is being shut down; what was open is rolled back. */
  public static final String SHUTTING_DOWN = "57P01";
  /** A method that is not allowed now, as on a closed statement. */
  public static final String SEQUENCE_ERROR = "HY010";
  public static final String INTERNAL_ERROR = "XX000";

  private SqlErrors() {}

  /** The exception for {@code state}, of the subclass that JDBC names for its class. */
  public static SQLException of(String state, String message) {
    return of(state, message, 0, null);
  }

  public static SQLException of(String state, String message, Throwable cause) {
    return of(state, message, 0, cause);
  }

  /**
   * The exception for {@code state}, of the subclass that JDBC names for its class.
   *
   * @param cause may be null
   */
  public static SQLException of(String state, String message, int vendorCode, Throwable cause) {
    if (state == null || state.length() != 5) {
      return new SQLNonTransientException(message, INTERNAL_ERROR, vendorCode, cause);
    }
    switch (state.substring(0, 2)) {
      case "08":
        return new SQLNonTransientConnectionException(message, state, vendorCode, cause);
      case "0A":
        return new SQLFeatureNotSupportedException(message, state, vendorCode, cause);
      case "21":
      case "22":
        return new SQLDataException(message, state, vendorCode, cause);
      case "23":
        return new SQLIntegrityConstraintViolationException(message, state, vendorCode, cause);
      case "28":
        return new SQLInvalidAuthorizationSpecException(message, state, vendorCode, cause);
      case "40":
        return new SQLTransactionRollbackException(message, state, vendorCode, cause);
      case "3F":
      case "42":
        return new SQLSyntaxErrorException(message, state, vendorCode, cause);
      default:
        return state.equals(CANCELLED)
            ? new SQLTimeoutException(message, state, vendorCode, cause)
            : new SQLNonTransientException(message, state, vendorCode, cause);
    }
  }

  /** What a client gets of an exception, whichever URL it comes by: of the subclass that {@link #of} gives, or a failed batch. */
  public static SQLException conforming(SQLException e) {
    if (e instanceof BatchUpdateException) {
      return e;
    }
    SQLException conforming = of(e.getSQLState(), e.getMessage(), e.getErrorCode(), e);
    return conforming.getClass() == e.getClass() && conforming.getSQLState().equals(e.getSQLState()) ? e : conforming;
  }

  /** The exception for a JDBC feature this driver does not have. */
  static SQLFeatureNotSupportedException unsupported(String feature) {
    return new SQLFeatureNotSupportedException(feature + " is not supported", UNSUPPORTED);
  }
}
