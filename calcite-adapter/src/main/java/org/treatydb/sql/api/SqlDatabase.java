package org.treatydb.sql.api;

import java.sql.SQLException;
import org.treatydb.kv.api.TransactionOptions;

/** A SQL database over one key-value store. Thread-safe. Closing it ends its sessions, but not the store, which its opener closes. */
public interface SqlDatabase extends AutoCloseable {

  /**
   * Opens a session: in autocommit mode, with no transaction.
   *
   * @param user in whose name; the caller has seen that it is him
   * @param transactions how its transactions run, if nothing else is said
   */
  SqlSession openSession(SqlUser user, TransactionOptions transactions) throws SQLException;

  /** Opens a session in the name of the built-in administrator. */
  default SqlSession openSession(TransactionOptions transactions) throws SQLException {
    return openSession(SqlUser.SYSTEM, transactions);
  }

  /** Opens a session in the name of the built-in administrator, with the default options: read-write, pessimistic. */
  default SqlSession openSession() throws SQLException {
    return openSession(TransactionOptions.READ_WRITE);
  }

  /** Whether a server must know who speaks: from the first user or role on, for good. */
  boolean requiresSignIn() throws SQLException;

  /** What there is to check about the user of this name; also if there is none. */
  SqlAccount account(String name) throws SQLException;

  @Override
  void close();
}
