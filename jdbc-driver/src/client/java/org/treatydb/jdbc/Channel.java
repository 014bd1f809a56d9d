package org.treatydb.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import org.apache.calcite.avatica.remote.Service.Request;
import org.apache.calcite.avatica.remote.Service.Response;

/**
 * The way from one JDBC connection to its database. It sends a request at most once: never again after a failure, whatever the failure is.
 *
 * <p>Thread-safe.
 */
public interface Channel extends AutoCloseable {

  /**
   * Sends a request and waits for its response.
   *
   * @param statementTimeoutMillis how long the database may work on it, if it executes a statement or reads rows; 0: what the session says
   * @param timeoutMillis how long to wait; 0 for ever. A channel within the process may ignore it
   * @throws SQLException what the database answered, if it was an error
   * @throws NotSentException the database cannot have seen the request
   * @throws IOException no response came; the database may or may not have executed the request
   */
  Response send(Request request, long statementTimeoutMillis, int timeoutMillis) throws SQLException, IOException;

  /** What the other end is, for messages: {@code 127.0.0.1:7654}. Never holds a secret. */
  String peer();

  /** Frees what the channel holds. The connection's session must have been closed before. No effect if closed already. */
  @Override
  void close();

  /** The request never left this process. */
  final class NotSentException extends IOException {
    private static final long serialVersionUID = 1L;

    NotSentException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
