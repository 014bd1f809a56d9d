package org.treatydb.jdbc.embedded;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.jdbc.meta.SessionService;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.exec.QueryMemory;
import org.treatydb.sql.session.TreatyDatabase;

/** An open database of this process: a store, SQL over it, and its sessions. Thread-safe. */
public final class Database implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  private final EmbeddedStore store;
  private final SqlDatabase sql;
  private final SessionService sessions;

  private Database(EmbeddedStore store, SqlDatabase sql, Duration statementTimeout) {
    this.store = store;
    this.sql = sql;
    this.sessions = new SessionService(sql, statementTimeout);
  }

  /**
   * Opens the store in a directory, or creates it.
   *
   * @throws SQLException with the SQLState of what is wrong: key, directory, a store changed or put back behind our back
   */
  public static Database open(Path directory, EmbeddedStoreOptions options) throws SQLException {
    return open(directory, options, Duration.ZERO, QueryMemory.ofHeap());
  }

  /**
   * As above.
   *
   * @param statementTimeout how long a statement may take, if its client says nothing; zero for no limit
   * @param queryMemory what statements may hold of rows in memory
   */
  public static Database open(Path directory, EmbeddedStoreOptions options, Duration statementTimeout, QueryMemory queryMemory)
      throws SQLException {
    try {
      return over(EmbeddedStore.open(directory, options), statementTimeout, queryMemory);
    } catch (KvException e) {
      throw failure(e);
    }
  }

  static Database inMemory() throws SQLException {
    try {
      return over(EmbeddedStore.openInMemory(), Duration.ZERO, QueryMemory.ofHeap());
    } catch (KvException e) {
      throw failure(e);
    }
  }

  private static Database over(EmbeddedStore store, Duration statementTimeout, QueryMemory queryMemory) throws SQLException {
    try {
      return new Database(store, TreatyDatabase.over(store, 1, queryMemory), statementTimeout);
    } catch (SQLException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static SQLException failure(KvException e) {
    return SqlErrors.of(e.code().sqlState(), "The database does not open: " + e.getMessage(), e);
  }

  public SessionService sessions() {
    return sessions;
  }

  /**
   * Copies the database into {@code to}, a new or empty directory, while others read and write: see {@link EmbeddedStore#backup}.
   *
   * @throws KvException if it cannot be done
   */
  public BackupSummary backup(Path to, Progress progress) {
    return store.backup(to, progress);
  }

  /** Ends the sessions, then closes the store. What was committed is on the disk already. */
  @Override
  public void close() {
    try {
      sessions.close();
      sql.close();
    } catch (RuntimeException e) {
      LOG.warn("The sessions of a database did not end cleanly", e);
    } finally {
      store.close();
    }
  }
}
