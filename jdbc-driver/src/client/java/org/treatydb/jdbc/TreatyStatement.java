package org.treatydb.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.Service.ResultSetResponse;

/**
 * A statement that runs SQL text. The server holds nothing for it but an unread result.
 *
 * <p>Not thread-safe, save for {@link #cancel}.
 */
class TreatyStatement extends Unwrappable implements Statement {

  final TreatyConnection connection;
  final SessionLink link;
  final int id;

  private final List<String> batch = new ArrayList<>();
  private TreatyResultSet resultSet;
  private ResultSet generatedKeys;
  private long updateCount = -1;
  private int fetchSize;
  private long rowsMax;
  private int timeoutSeconds;
  private boolean closeOnCompletion;
  private boolean poolable = this instanceof PreparedStatement;
  private volatile boolean closed;

  TreatyStatement(TreatyConnection connection, SessionLink link, int id) {
    this.connection = connection;
    this.link = link;
    this.id = id;
  }

  final void checkOpen() throws SQLException {
    connection.checkOpen();
    if (closed) {
      throw SqlErrors.of(SqlErrors.SEQUENCE_ERROR, "The statement is closed.");
    }
  }

  static int checkFetchSize(int rows) throws SQLException {
    if (rows < 0) {
      throw SqlErrors.of(SqlErrors.INVALID_ARGUMENT, "The fetch size " + rows + " is negative.");
    }
    return rows;
  }

  /** How many rows the first answer may hold; 0 leaves it to the driver. */
  final int firstRowsMax() {
    if (rowsMax == 0) {
      return fetchSize;
    }
    int limit = (int) Math.min(rowsMax, SessionLink.FETCH_ROWS_DEFAULT);
    return fetchSize == 0 ? limit : Math.min(limit, fetchSize);
  }

  /** How long the database may work on the statement; 0 leaves it to the session. */
  final long limitMillis() {
    return TimeUnit.SECONDS.toMillis(timeoutSeconds);
  }

  /** Forgets the last execution's results. */
  final void clearResults() throws SQLException {
    TreatyResultSet open = resultSet;
    resultSet = null;
    if (generatedKeys != null) {
      generatedKeys.close();
      generatedKeys = null;
    }
    updateCount = -1;
    if (open != null) {
      open.close();
    }
  }

  /** Takes the results of an execution; true if they are rows. {@code wanted}: of what it gives of inserted rows. */
  final boolean assign(List<ResultSetResponse> results, Wanted wanted) throws SQLException {
    ResultSetResponse result = results.get(0);
    if (result.updateCount != -1) {
      updateCount = result.updateCount;
      if (results.size() > 1) {
        ResultSetResponse keys = results.get(1);
        assignKeys(keys.signature.columns, keys.firstFrame, wanted);
      }
      return false;
    }
    RowReader reader = new RowReader(link, id, result.firstFrame, rowsMax, limitMillis());
    resultSet = new TreatyResultSet(this, result.signature.columns, reader, fetchSize);
    return true;
  }

  /** Takes what the database gives of inserted rows. */
  final void assignKeys(List<ColumnMetaData> columns, Meta.Frame first, Wanted wanted) throws SQLException {
    int[] positions = wanted.positions(columns);
    List<ColumnMetaData> selected = new ArrayList<>();
    for (int position : positions) {
      selected.add(columns.get(position));
    }
    RowReader reader = new RowReader(link, id, first, 0, limitMillis()).selecting(positions);
    generatedKeys = new TreatyResultSet(this, selected, reader, fetchSize);
  }

  /** Told by a result set of this statement that it was closed. */
  final void resultSetClosed(TreatyResultSet which, boolean openOnServer) throws SQLException {
    if (openOnServer && link.isOpen() && !closed) {
      link.closeCursor(id);
    }
    if (which == resultSet) {
      resultSet = null;
      if (closeOnCompletion) {
        close();
      }
    }
  }

  final TreatyConnection getConnectionUnchecked() {
    return connection;
  }

  /** Runs SQL text, if it gives what the caller expects. */
  boolean run(String sql, Wanted wanted) throws SQLException {
    checkOpen();
    if (sql == null) {
      throw SqlErrors.of(SqlErrors.INVALID_ARGUMENT, "The SQL text is null.");
    }
    clearResults();
    if (wanted.namesColumns()) {
      // Whoever names a column that is not there must learn it before anything is inserted.
      link.closeStatement(link.prepareKeys(sql, wanted).id);
    }
    return assign(link.execute(id, sql, wanted, firstRowsMax(), limitMillis()), wanted);
  }

  final ResultSet requireRows(boolean rows) throws SQLException {
    if (!rows) {
      throw SqlErrors.of(SqlErrors.NOT_A_QUERY, "The statement gives no rows. Run it with executeUpdate or execute.");
    }
    return resultSet;
  }

  final long requireCount(boolean rows) throws SQLException {
    if (rows) {
      clearResults();
      throw SqlErrors.of(SqlErrors.SEQUENCE_ERROR, "The statement gives rows, not a count. Run it with executeQuery or execute.");
    }
    return updateCount;
  }

  static int saturated(long count) {
    return (int) Math.min(count, Integer.MAX_VALUE);
  }

  static int[] saturated(long[] counts) {
    int[] small = new int[counts.length];
    for (int i = 0; i < counts.length; i++) {
      small[i] = saturated(counts[i]);
    }
    return small;
  }

  @Override
  public boolean execute(String sql) throws SQLException {
    return run(sql, Wanted.ANYTHING);
  }

  @Override
  public boolean execute(String sql, int autoGeneratedKeys) throws SQLException {
    return run(sql, Wanted.ANYTHING.withKeys(autoGeneratedKeys));
  }

  @Override
  public boolean execute(String sql, int[] columnIndexes) throws SQLException {
    return run(sql, Wanted.ANYTHING.withKeys(columnIndexes));
  }

  @Override
  public boolean execute(String sql, String[] columnNames) throws SQLException {
    return run(sql, Wanted.ANYTHING.withKeys(columnNames));
  }

  @Override
  public ResultSet executeQuery(String sql) throws SQLException {
    return requireRows(run(sql, Wanted.ROWS));
  }

  @Override
  public int executeUpdate(String sql) throws SQLException {
    return saturated(executeLargeUpdate(sql));
  }

  @Override
  public int executeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
    return saturated(executeLargeUpdate(sql, autoGeneratedKeys));
  }

  @Override
  public int executeUpdate(String sql, int[] columnIndexes) throws SQLException {
    return saturated(executeLargeUpdate(sql, columnIndexes));
  }

  @Override
  public int executeUpdate(String sql, String[] columnNames) throws SQLException {
    return saturated(executeLargeUpdate(sql, columnNames));
  }

  @Override
  public long executeLargeUpdate(String sql) throws SQLException {
    return requireCount(run(sql, Wanted.COUNT));
  }

  @Override
  public long executeLargeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
    return requireCount(run(sql, Wanted.COUNT.withKeys(autoGeneratedKeys)));
  }

  @Override
  public long executeLargeUpdate(String sql, int[] columnIndexes) throws SQLException {
    return requireCount(run(sql, Wanted.COUNT.withKeys(columnIndexes)));
  }

  @Override
  public long executeLargeUpdate(String sql, String[] columnNames) throws SQLException {
    return requireCount(run(sql, Wanted.COUNT.withKeys(columnNames)));
  }

  @Override
  public void addBatch(String sql) throws SQLException {
    checkOpen();
    if (sql == null) {
      throw SqlErrors.of(SqlErrors.INVALID_ARGUMENT, "The SQL text is null.");
    }
    batch.add(sql);
  }

  @Override
  public void clearBatch() throws SQLException {
    checkOpen();
    batch.clear();
  }

  @Override
  public int[] executeBatch() throws SQLException {
    return saturated(executeLargeBatch());
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    checkOpen();
    clearResults();
    List<String> commands = new ArrayList<>(batch);
    batch.clear();
    return commands.isEmpty() ? new long[0] : link.executeBatch(id, commands, limitMillis());
  }

  @Override
  public ResultSet getResultSet() throws SQLException {
    checkOpen();
    return resultSet;
  }

  @Override
  public int getUpdateCount() throws SQLException {
    return saturated(getLargeUpdateCount());
  }

  @Override
  public long getLargeUpdateCount() throws SQLException {
    checkOpen();
    return updateCount;
  }

  @Override
  public boolean getMoreResults() throws SQLException {
    return getMoreResults(CLOSE_CURRENT_RESULT);
  }

  @Override
  public boolean getMoreResults(int current) throws SQLException {
    checkOpen();
    if (current == KEEP_CURRENT_RESULT) {
      throw SqlErrors.unsupported("Keeping several results open");
    }
    clearResults();
    return false;
  }

  /** What the last execution gave of the rows it inserted, if that was asked for; no rows otherwise. */
  @Override
  public ResultSet getGeneratedKeys() throws SQLException {
    checkOpen();
    if (generatedKeys == null) {
      generatedKeys = fetchKeys();
    }
    return generatedKeys;
  }

  /** The keys that the server keeps. */
  ResultSet fetchKeys() throws SQLException {
    return LocalResults.empty(Collections.singletonList("GENERATED_KEY"));
  }

  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    if (link.isOpen()) {
      clearResults();
      closed = true;
      closeOnServer();
    }
    closed = true;
  }

  /** Frees what the server holds for this statement, other than a result. */
  void closeOnServer() throws SQLException {
    // Nothing.
  }

  @Override
  public boolean isClosed() throws SQLException {
    return closed || connection.isClosed();
  }

  @Override
  public void closeOnCompletion() throws SQLException {
    checkOpen();
    closeOnCompletion = true;
  }

  @Override
  public boolean isCloseOnCompletion() throws SQLException {
    checkOpen();
    return closeOnCompletion;
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    checkOpen();
    fetchSize = checkFetchSize(rows);
  }

  @Override
  public int getFetchSize() throws SQLException {
    checkOpen();
    return fetchSize;
  }

  @Override
  public void setMaxRows(int max) throws SQLException {
    setLargeMaxRows(max);
  }

  @Override
  public int getMaxRows() throws SQLException {
    return saturated(getLargeMaxRows());
  }

  @Override
  public void setLargeMaxRows(long max) throws SQLException {
    checkOpen();
    if (max < 0) {
      throw SqlErrors.of(SqlErrors.INVALID_ARGUMENT, "The limit of rows " + max + " is negative.");
    }
    rowsMax = max;
  }

  @Override
  public long getLargeMaxRows() throws SQLException {
    checkOpen();
    return rowsMax;
  }

  @Override
  public void setMaxFieldSize(int max) throws SQLException {
    checkOpen();
    if (max != 0) {
      throw SqlErrors.unsupported("Cutting off long values");
    }
  }

  @Override
  public int getMaxFieldSize() throws SQLException {
    checkOpen();
    return 0;
  }

  /** How long the database may work on an execution, or on finding the next rows; then it stops with 57014. 0 leaves it to the session. */
  @Override
  public void setQueryTimeout(int seconds) throws SQLException {
    checkOpen();
    if (seconds < 0) {
      throw SqlErrors.of(SqlErrors.INVALID_ARGUMENT, "The timeout " + seconds + " is negative.");
    }
    timeoutSeconds = seconds;
  }

  @Override
  public int getQueryTimeout() throws SQLException {
    checkOpen();
    return timeoutSeconds;
  }

  /** Stops what the database is doing for this statement, which fails with 57014. Any thread may call it. No effect if it does nothing. */
  @Override
  public void cancel() throws SQLException {
    checkOpen();
    link.cancel(id);
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    checkOpen();
    if (direction != ResultSet.FETCH_FORWARD) {
      throw SqlErrors.unsupported("Another fetch direction than forward");
    }
  }

  @Override
  public int getFetchDirection() throws SQLException {
    checkOpen();
    return ResultSet.FETCH_FORWARD;
  }

  @Override
  public int getResultSetType() throws SQLException {
    checkOpen();
    return ResultSet.TYPE_FORWARD_ONLY;
  }

  @Override
  public int getResultSetConcurrency() throws SQLException {
    checkOpen();
    return ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public int getResultSetHoldability() throws SQLException {
    checkOpen();
    return ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public Connection getConnection() throws SQLException {
    checkOpen();
    return connection;
  }

  /** JDBC's escapes are part of the SQL grammar here and always understood. */
  @Override
  public void setEscapeProcessing(boolean enable) throws SQLException {
    checkOpen();
  }

  @Override
  public void setCursorName(String name) throws SQLException {
    checkOpen();
    throw SqlErrors.unsupported("Naming a cursor");
  }

  /** A hint for whoever pools statements. */
  @Override
  public void setPoolable(boolean hint) throws SQLException {
    checkOpen();
    poolable = hint;
  }

  @Override
  public boolean isPoolable() throws SQLException {
    checkOpen();
    return poolable;
  }

  @Override
  public SQLWarning getWarnings() throws SQLException {
    checkOpen();
    return null;
  }

  @Override
  public void clearWarnings() throws SQLException {
    checkOpen();
  }
}
