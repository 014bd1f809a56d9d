package org.treatydb.sql.api;

import java.sql.SQLException;

/** A SQL database over one key-value store. Thread-safe. Closing it ends its sessions, but not the store, which its opener closes. */
public interface SqlDatabase extends AutoCloseable {

  /** Opens a session: in autocommit mode, read-write, with no transaction. */
  SqlSession openSession() throws SQLException;

  @Override
  void close();
}
