package org.treatydb.sql.api;

import java.sql.SQLException;
import org.treatydb.kv.api.TransactionOptions;

/** A SQL database over one key-value store. Thread-safe. Closing it ends its sessions, but not the store, which its opener closes. */
public interface SqlDatabase extends AutoCloseable {

  /**
   * Opens a session: in autocommit mode, with no transaction.
   *
   * @param transactions how its transactions run, if nothing else is said
   */
  SqlSession openSession(TransactionOptions transactions) throws SQLException;

  /** Opens a session with the default options: read-write, pessimistic. */
  default SqlSession openSession() throws SQLException {
    return openSession(TransactionOptions.READ_WRITE);
  }

  @Override
  void close();
}
