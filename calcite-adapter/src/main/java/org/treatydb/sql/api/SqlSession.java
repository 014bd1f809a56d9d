package org.treatydb.sql.api;

import java.sql.SQLException;
import java.util.List;

/**
 * One user's conversation with the database; at most one transaction at a time.
 *
 * <p>In autocommit mode each statement is a transaction of its own (a query reads a snapshot, without locks). Otherwise the first statement
 * begins a transaction, and {@link #commit} or {@link #rollback} ends it. The SQL statements START TRANSACTION, COMMIT, ROLLBACK and
 * SAVEPOINT do the same as the methods here. A statement that fails leaves nothing of itself behind; the transaction goes on, except after
 * SQLState 40001, which has rolled it back. START TRANSACTION OPTIMISTIC or PESSIMISTIC chooses for one transaction, SET SESSION
 * CHARACTERISTICS AS TRANSACTION OPTIMISTIC or PESSIMISTIC for those to come, autocommitted ones too.
 *
 * <p>Not thread-safe: one thread at a time.
 */
public interface SqlSession extends AutoCloseable {

  /**
   * From now on, until this is called again, the work of this session stops with 57014 when {@code cancellation} is cancelled: statements,
   * and cursors that are read. A statement that is stopped has failed like any other. A commit is not stopped any more. The last
   * cancellation {@linkplain Cancellation#end ends}.
   */
  void obey(Cancellation cancellation);

  /** Parses, validates and plans {@code sql}; the plan comes from a cache where it can. */
  SqlStatement prepare(String sql) throws SQLException;

  /**
   * As {@link #prepare}, but an INSERT without RETURNING {@linkplain SqlStatement#givesKeys gives keys}, unless its table has none.
   *
   * @param all whether these are all columns of the rows; otherwise those that take numbers from sequences or, if there are none, the
   *     primary key
   */
  SqlStatement prepareReturningKeys(String sql, boolean all) throws SQLException;

  boolean isAutoCommit();

  /** Switches autocommit; a change commits the transaction that is open, if any, as JDBC demands. */
  void setAutoCommit(boolean autoCommit) throws SQLException;

  boolean isReadOnly();

  /**
   * Makes the transactions that begin from now on read-only (snapshot reads, writes refused with 25006) or read-write.
   *
   * @throws SQLException 25001 if a transaction is open
   */
  void setReadOnly(boolean readOnly) throws SQLException;

  boolean inTransaction();

  /** Whether a transaction is open in the store: as {@link #inTransaction}, but false if the store has ended it by itself. */
  boolean holdsTransaction();

  /** Commits the open transaction, if any; closes its cursors. */
  void commit() throws SQLException;

  /** Rolls back the open transaction, if any; closes its cursors. */
  void rollback() throws SQLException;

  /**
   * Sets a savepoint; a name used before in this transaction moves.
   *
   * @throws SQLException 25P01 in autocommit mode
   */
  void setSavepoint(String name) throws SQLException;

  /**
   * Undoes what came after the savepoint; it stays.
   *
   * @throws SQLException 3B001 if there is none of that name
   */
  void rollbackToSavepoint(String name) throws SQLException;

  /**
   * Forgets the savepoint and those after it.
   *
   * @throws SQLException 3B001 if there is none of that name
   */
  void releaseSavepoint(String name) throws SQLException;

  /** The tables as this session's transaction sees them, the system's views included, ordered by schema, then name. */
  List<SqlTable> tables() throws SQLException;

  /** What there are of privileges on the tables and views that {@link #tables} gives, the owners' own included; of system views none. */
  List<SqlPrivilege> tablePrivileges() throws SQLException;

  /** The names of the schemas as this session's transaction sees them, the system's included, in order. */
  List<String> schemas() throws SQLException;

  boolean isClosed();

  /** Rolls back what is open and ends the session. No effect if closed already. */
  @Override
  void close();
}
