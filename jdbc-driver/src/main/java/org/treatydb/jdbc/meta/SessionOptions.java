package org.treatydb.jdbc.meta;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.kv.api.ConcurrencyControl;
import org.treatydb.kv.api.TransactionOptions;

/** The options a client opens its session with. Their names are those of the client's {@code DriverOption}. */
final class SessionOptions {

  private static final String CONCURRENCY = "concurrency";
  private static final String LOCK_TIMEOUT_MILLIS = "lockTimeoutMillis";

  private static final String TRANSACTION_TIMEOUT_MILLIS = "transactionTimeoutMillis";
  private static final String IDLE_TRANSACTION_TIMEOUT_MILLIS = "idleTransactionTimeoutMillis";

  private static final String STATEMENT_TIMEOUT_MILLIS = "statementTimeoutMillis";

  private static final long MILLIS_MAX = Duration.ofDays(1).toMillis();

  private SessionOptions() {}

  /**
   * How the session's transactions run.
   *
   * @param info what the client sent; null for nothing
   * @throws SQLException 08001 if a value is none
   */
  static TransactionOptions of(Map<String, String> info) throws SQLException {
    TransactionOptions options = TransactionOptions.READ_WRITE;
    if (info == null) {
      return options;
    }
    String concurrency = info.get(CONCURRENCY);
    if (concurrency != null) {
      options = options.withConcurrencyControl(concurrency(concurrency));
    }
    String lockTimeout = info.get(LOCK_TIMEOUT_MILLIS);
    if (lockTimeout != null) {
      options = options.withLockTimeout(millis(LOCK_TIMEOUT_MILLIS, lockTimeout));
    }
    String timeout = info.get(TRANSACTION_TIMEOUT_MILLIS);
    if (timeout != null) {
      options = options.withTimeout(millis(TRANSACTION_TIMEOUT_MILLIS, timeout));
    }
    String idleTimeout = info.get(IDLE_TRANSACTION_TIMEOUT_MILLIS);
    return idleTimeout == null ? options : options.withIdleTimeout(millis(IDLE_TRANSACTION_TIMEOUT_MILLIS, idleTimeout));
  }

  /**
   * How long a statement of the session may take, in milliseconds; 0 if the client says nothing.
   *
   * @throws SQLException 08001 if the value is none
   */
  static long statementTimeoutMillis(Map<String, String> info) throws SQLException {
    String timeout = info == null ? null : info.get(STATEMENT_TIMEOUT_MILLIS);
    return timeout == null ? 0 : millis(STATEMENT_TIMEOUT_MILLIS, timeout).toMillis();
  }

  private static ConcurrencyControl concurrency(String value) throws SQLException {
    return switch (value) {
      case "optimistic" -> ConcurrencyControl.OPTIMISTIC;
      case "pessimistic" -> ConcurrencyControl.PESSIMISTIC;
      default -> throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "The option " + CONCURRENCY + " is pessimistic or optimistic.");
    };
  }

  private static Duration millis(String option, String value) throws SQLException {
    try {
      long millis = Long.parseLong(value);
      if (millis >= 1 && millis <= MILLIS_MAX) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException e) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "The option " + option + " is not a whole number.", e);
    }
    throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "The option " + option + " is between 1 and " + MILLIS_MAX + ".");
  }
}
