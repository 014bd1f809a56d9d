package org.treatydb.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.Service;
import org.apache.calcite.avatica.remote.Service.Request;
import org.apache.calcite.avatica.remote.Service.Response;
import org.apache.calcite.avatica.remote.TypedValue;

/**
 * One session of the database, as the JDBC objects of one connection use it: Avatica's messages, with every failure turned into a
 * SQLException.
 *
 * <p>A request that got no answer breaks the link: what the session did and did not do can no longer be known, so nothing more is sent on
 * it. Thread-safe: the session executes one request at a time.
 */
final class SessionLink {

  /** Whether a request whose answer never came may have committed something; asked only when that happens. */
  private static final BooleanSupplier COMMITS_NOTHING = () -> false;
  private static final BooleanSupplier MAY_COMMIT = () -> true;

  private static final Logger LOG = Logger.getLogger(SessionLink.class.getName());
  private static final int ABORT_TIMEOUT_MILLIS = 10_000;

  static final int FETCH_ROWS_DEFAULT = 1000;

  /** As the offset of a fetch: close the cursor instead. Avatica has no message for it. */
  private static final long CLOSE_CURSOR_OFFSET = -1;

  /** As the offset of a fetch: stop what is under way for the statement instead. */
  private static final long CANCEL_OFFSET = -2;

  private static final long NO_LIMIT = 0;

  private final Channel channel;
  /** 122 random bits of a SecureRandom: whoever does not know the id cannot use the session. */
  private final String id = UUID.randomUUID().toString();

  private volatile int networkTimeoutMillis;
  private volatile boolean autoCommit = true;
  private volatile boolean open;

  SessionLink(Channel channel) {
    this.channel = channel;
  }

  /** Opens the session, with its options; no other property of the URL is sent to the server. */
  void open(Map<String, String> options, int timeoutMillis) throws SQLException {
    try {
      channel.send(new Service.OpenConnectionRequest(id, options), NO_LIMIT, timeoutMillis);
      open = true;
    } catch (IOException e) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, e.getMessage(), e);
    }
  }

  boolean isOpen() {
    return open;
  }

  String peer() {
    return channel.peer();
  }

  void setNetworkTimeoutMillis(int millis) {
    this.networkTimeoutMillis = millis;
  }

  int networkTimeoutMillis() {
    return networkTimeoutMillis;
  }

  boolean isAutoCommit() {
    return autoCommit;
  }

  void setAutoCommit(boolean value) throws SQLException {
    sync(new ConnectionPropertiesImpl().setAutoCommit(value), MAY_COMMIT, networkTimeoutMillis);
    autoCommit = value;
  }

  void setReadOnly(boolean value) throws SQLException {
    sync(new ConnectionPropertiesImpl().setReadOnly(value), COMMITS_NOTHING, networkTimeoutMillis);
  }

  /** Asks the server whether the session lives. */
  void ping(int timeoutMillis) throws SQLException {
    sync(new ConnectionPropertiesImpl(), COMMITS_NOTHING, timeoutMillis == 0 ? networkTimeoutMillis : timeoutMillis);
  }

  private void sync(Meta.ConnectionProperties properties, BooleanSupplier mayCommit, int timeoutMillis) throws SQLException {
    call(new Service.ConnectionSyncRequest(id, properties), Service.ConnectionSyncResponse.class, mayCommit, NO_LIMIT, timeoutMillis);
  }

  void commit() throws SQLException {
    call(new Service.CommitRequest(id), Service.CommitResponse.class, MAY_COMMIT);
  }

  void rollback() throws SQLException {
    call(new Service.RollbackRequest(id), Service.RollbackResponse.class, COMMITS_NOTHING);
  }

  Meta.StatementHandle prepare(String sql, Wanted wanted) throws SQLException {
    return call(new Service.PrepareRequest(id, sql, wanted.code()), Service.PrepareResponse.class, COMMITS_NOTHING).statement;
  }

  /** As {@link #prepare}; fails if what is wanted of inserted rows is not among what the database gives. */
  Meta.StatementHandle prepareKeys(String sql, Wanted wanted) throws SQLException {
    Meta.StatementHandle handle = prepare(sql, wanted);
    try {
      if (givesKeys(handle, sql)) {
        wanted.positions(handle.signature.columns);
      }
      return handle;
    } catch (SQLException e) {
      closeStatement(handle.id);
      throw e;
    }
  }

  /**
   * Whether the columns of a statement that was prepared from {@code sql} are those of the keys that it gives beside a count. Then the
   * database has added RETURNING to the text.
   */
  static boolean givesKeys(Meta.StatementHandle handle, String sql) {
    return !sql.equals(handle.signature.sql);
  }

  /**
   * Executes a prepared statement; the answer holds the first rows, or the count and, if there are keys, the first of them second.
   *
   * @param limitMillis the database cancels it after so long; 0 leaves that to the session
   */
  List<Service.ResultSetResponse> execute(Meta.StatementHandle statement, List<TypedValue> parameters, int rowsMax, long limitMillis)
      throws SQLException {
    Meta.StatementHandle bare = new Meta.StatementHandle(id, statement.id, null);
    Service.ExecuteRequest request = new Service.ExecuteRequest(bare, parameters, rowsOrDefault(rowsMax));
    return results(call(request, Service.ExecuteResponse.class, mayCommit(statement.signature.sql), limitMillis, networkTimeoutMillis));
  }

  /** Executes SQL text; the answer is as for a prepared statement. It is cancelled after so many milliseconds, if not 0. */
  List<Service.ResultSetResponse> execute(int statementId, String sql, Wanted wanted, int rowsMax, long limitMillis) throws SQLException {
    Service.PrepareAndExecuteRequest request =
        new Service.PrepareAndExecuteRequest(id, statementId, sql, wanted.code(), rowsOrDefault(rowsMax));
    return results(call(request, Service.ExecuteResponse.class, mayCommit(sql), limitMillis, networkTimeoutMillis));
  }

  long[] executeBatch(Meta.StatementHandle statement, List<List<TypedValue>> rows, long limitMillis) throws SQLException {
    Service.ExecuteBatchRequest request = new Service.ExecuteBatchRequest(id, statement.id, rows);
    return executeBatch(request, mayCommit(statement.signature.sql), limitMillis);
  }

  long[] executeBatch(int statementId, List<String> commands, long limitMillis) throws SQLException {
    Service.PrepareAndExecuteBatchRequest request = new Service.PrepareAndExecuteBatchRequest(id, statementId, commands);
    return executeBatch(request, mayCommit(String.join(";", commands)), limitMillis);
  }

  private long[] executeBatch(Request request, BooleanSupplier mayCommit, long limitMillis) throws SQLException {
    return call(request, Service.ExecuteBatchResponse.class, mayCommit, limitMillis, networkTimeoutMillis).updateCounts;
  }

  /** The rows from {@code offset} on. The reading is cancelled after so many milliseconds, if not 0. */
  Meta.Frame fetch(int statementId, long offset, int rowsMax, long limitMillis) throws SQLException {
    Service.FetchRequest request = new Service.FetchRequest(id, statementId, offset, rowsOrDefault(rowsMax));
    Meta.Frame frame = call(request, Service.FetchResponse.class, COMMITS_NOTHING, limitMillis, networkTimeoutMillis).frame;
    if (frame == null) {
      throw SqlErrors.of(SqlErrors.INVALID_CURSOR, "The server no longer has this result.");
    }
    return frame;
  }

  /** Gives up what is unread of a statement's result; the statement stays. */
  void closeCursor(int statementId) throws SQLException {
    Service.FetchRequest request = new Service.FetchRequest(id, statementId, CLOSE_CURSOR_OFFSET, 0);
    call(request, Service.FetchResponse.class, COMMITS_NOTHING);
  }

  /** Stops what is under way for a statement, if anything is. Called by another thread than that which waits for it. */
  void cancel(int statementId) throws SQLException {
    Service.FetchRequest request = new Service.FetchRequest(id, statementId, CANCEL_OFFSET, 0);
    call(request, Service.FetchResponse.class, COMMITS_NOTHING);
  }

  void closeStatement(int statementId) throws SQLException {
    call(new Service.CloseStatementRequest(id, statementId), Service.CloseStatementResponse.class, COMMITS_NOTHING);
  }

  Service.ResultSetResponse schemas(String catalog, String schemaPattern) throws SQLException {
    return metadata(new Service.SchemasRequest(id, catalog, schemaPattern));
  }

  /** Lists tables; also primary keys and indexes, with types such as {@link TreatyDatabaseMetaData#INDEXES}; names are no patterns then. */
  Service.ResultSetResponse tables(String catalog, String schemaPattern, String tablePattern, List<String> types) throws SQLException {
    return metadata(new Service.TablesRequest(id, catalog, schemaPattern, tablePattern, types));
  }

  Service.ResultSetResponse columns(String catalog, String schemaPattern, String tablePattern, String columnPattern) throws SQLException {
    return metadata(new Service.ColumnsRequest(id, catalog, schemaPattern, tablePattern, columnPattern));
  }

  Service.ResultSetResponse tableTypes() throws SQLException {
    return metadata(new Service.TableTypesRequest(id));
  }

  Service.ResultSetResponse typeInfo() throws SQLException {
    return metadata(new Service.TypeInfoRequest(id));
  }

  private Service.ResultSetResponse metadata(Request request) throws SQLException {
    return call(request, Service.ResultSetResponse.class, COMMITS_NOTHING);
  }

  /** Ends the session, which rolls back what is open, and frees the channel. No effect if it ended before. */
  void close() throws SQLException {
    if (!open) {
      return;
    }
    try {
      call(new Service.CloseConnectionRequest(id), Service.CloseConnectionResponse.class, COMMITS_NOTHING);
    } catch (SQLException e) {
      if (!e.getSQLState().startsWith("08")) {
        throw e;
      }
      // The session is gone or out of reach; the server rolls back what was open.
    } finally {
      abandon();
    }
  }

  /** Ends the link at once, and the session as soon as the server can be told. */
  void abort(Executor executor) {
    boolean wasOpen = open;
    open = false;
    if (wasOpen) {
      executor.execute(() -> {
        try {
          channel.send(new Service.CloseConnectionRequest(id), NO_LIMIT, ABORT_TIMEOUT_MILLIS);
        } catch (SQLException | IOException e) {
          LOG.log(Level.FINE, "The server was not told that a connection was aborted", e);
        } finally {
          channel.close();
        }
      });
    }
  }

  /** Ends the link without a word to the server. */
  void abandon() {
    open = false;
    channel.close();
  }

  private static List<Service.ResultSetResponse> results(Service.ExecuteResponse response) throws SQLException {
    if (response.missingStatement || response.results == null || response.results.isEmpty()) {
      throw SqlErrors.of(SqlErrors.SEQUENCE_ERROR, "The server does not know this statement.");
    }
    return response.results;
  }

  private BooleanSupplier mayCommit(String sql) {
    return () -> autoCommit || sql.toUpperCase(Locale.ROOT).contains("COMMIT");
  }

  private static int rowsOrDefault(int rowsMax) {
    return rowsMax <= 0 ? FETCH_ROWS_DEFAULT : rowsMax;
  }

  private <R extends Response> R call(Request request, Class<R> type, BooleanSupplier mayCommit) throws SQLException {
    return call(request, type, mayCommit, NO_LIMIT, networkTimeoutMillis);
  }

  private <R extends Response> R call(Request request, Class<R> type, BooleanSupplier mayCommit, long limitMillis, int timeoutMillis)
      throws SQLException {
    if (!open) {
      throw closed();
    }
    Response response;
    try {
      response = channel.send(request, limitMillis, timeoutMillis);
    } catch (Channel.NotSentException e) {
      abandon();
      throw SqlErrors.of(SqlErrors.CONNECTION_LOST, "The connection to " + peer() + " is lost. " + e.getMessage(), e);
    } catch (IOException e) {
      abandon();
      throw lost(mayCommit, e);
    } catch (SQLException e) {
      if (SqlErrors.CONNECTION_CLOSED.equals(e.getSQLState()) || SqlErrors.SHUTTING_DOWN.equals(e.getSQLState())) {
        abandon();
      }
      throw e;
    }
    if (!type.isInstance(response)) {
      abandon();
      throw SqlErrors.of(SqlErrors.PROTOCOL_VIOLATION, "The server at " + peer() + " gave an answer that does not fit the question.");
    }
    return type.cast(response);
  }

  private SQLException lost(BooleanSupplier mayCommit, IOException e) {
    if (mayCommit.getAsBoolean()) {
      return SqlErrors.of(SqlErrors.OUTCOME_UNKNOWN, "The connection to " + peer()
          + " was lost before the answer came: the statement or commit may or may not have taken effect. Look before you repeat it.", e);
    }
    return SqlErrors.of(SqlErrors.CONNECTION_LOST,
        "The connection to " + peer() + " was lost; its open transaction is rolled back.", e);
  }

  static SQLException closed() {
    return SqlErrors.of(SqlErrors.CONNECTION_CLOSED, "The connection is closed.");
  }
}
