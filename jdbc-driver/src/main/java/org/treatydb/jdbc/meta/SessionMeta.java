package org.treatydb.jdbc.meta;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.MetaImpl;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.proto.Requests;
import org.apache.calcite.avatica.remote.ProtobufMeta;
import org.apache.calcite.avatica.remote.TypedValue;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.sql.api.SqlTable;

/**
 * Avatica's {@code Meta} over the open sessions: every call finds the session by the connection id, and the statement among those of that
 * session. Failures leave as {@link SqlFailure}. Thread-safe.
 */
final class SessionMeta extends MetaImpl implements ProtobufMeta {

  /** As the type of a table: list primary keys instead; must be what the client's {@code TreatyDatabaseMetaData} sends. */
  static final String PRIMARY_KEYS = "treaty:primary-keys";
  static final String ROW_IDENTIFIER = "treaty:row-identifier";
  static final String INDEXES = "treaty:indexes";
  static final String UNIQUE_INDEXES = "treaty:unique-indexes";
  static final String IMPORTED_KEYS = "treaty:imported-keys";
  static final String EXPORTED_KEYS = "treaty:exported-keys";
  /** After it the name of the other table, and its schema, unless that may be any. */
  static final String CROSS_REFERENCE = "treaty:cross-reference";

  static final String TABLE_PRIVILEGES = "treaty:table-privileges";
  /** After it the pattern of the columns' names, unless these may be any. */
  static final String COLUMN_PRIVILEGES = "treaty:column-privileges";

  static final String DEFAULT_SCHEMA = "public";

  /** As the offset of a fetch: cancel the statement; must be what the client's {@code SessionLink} sends. */
  private static final long CANCEL_OFFSET = -2;

  private final SessionTable sessions;

  SessionMeta(SessionTable sessions) {
    super(null);
    this.sessions = sessions;
  }

  /** What one call does. */
  private interface Call<T> {
    T run() throws SQLException;
  }

  private static <T> T call(Call<T> call) {
    try {
      return call.run();
    } catch (SQLException e) {
      throw new SqlFailure(SqlErrors.conforming(e));
    }
  }

  private OpenSession session(String connectionId) throws SQLException {
    return sessions.get(connectionId);
  }

  /** Opens a session, with the options that {@link SessionOptions} knows. No other property of a client has any effect here. */
  @Override
  public void openConnection(ConnectionHandle ch, Map<String, String> info) {
    call(() -> {
      sessions.open(ch.id, SessionOptions.of(info), SessionOptions.statementTimeoutMillis(info));
      return null;
    });
  }

  @Override
  public void closeConnection(ConnectionHandle ch) {
    sessions.close(ch.id);
  }

  /** Sets at once what is set, and gives what holds now. */
  @Override
  public ConnectionProperties connectionSync(ConnectionHandle ch, ConnectionProperties wanted) {
    return call(() -> session(ch.id).use(session -> {
      if (wanted.isReadOnly() != null && wanted.isReadOnly() != session.isReadOnly()) {
        session.setReadOnly(wanted.isReadOnly());
      }
      if (wanted.isAutoCommit() != null && wanted.isAutoCommit() != session.isAutoCommit()) {
        session.setAutoCommit(wanted.isAutoCommit());
      }
      return new ConnectionPropertiesImpl(
          session.isAutoCommit(), session.isReadOnly(), Connection.TRANSACTION_SERIALIZABLE, null, DEFAULT_SCHEMA);
    }));
  }

  @Override
  public void commit(ConnectionHandle ch) {
    call(() -> session(ch.id).use(session -> {
      session.commit();
      return null;
    }));
  }

  @Override
  public void rollback(ConnectionHandle ch) {
    call(() -> session(ch.id).use(session -> {
      session.rollback();
      return null;
    }));
  }

  @Override
  public StatementHandle createStatement(ConnectionHandle ch) {
    return call(() -> new StatementHandle(ch.id, session(ch.id).createStatement(), null));
  }

  @Override
  public void closeStatement(StatementHandle h) {
    call(() -> {
      session(h.connectionId).closeStatement(h.id);
      return null;
    });
  }

  /** Empty SQL text arrives as null over the network. */
  private static String text(String sql) {
    return sql == null ? "" : sql;
  }

  @Override
  public StatementHandle prepare(ConnectionHandle ch, String sql, long maxRowCount) {
    return call(() -> session(ch.id).prepare(ch.id, text(sql), Wanted.of(maxRowCount)));
  }

  @Deprecated
  @Override
  public ExecuteResult prepareAndExecute(StatementHandle h, String sql, long maxRowCount, PrepareCallback callback) {
    return prepareAndExecute(h, sql, maxRowCount, 0, callback);
  }

  @Override
  public ExecuteResult prepareAndExecute(StatementHandle h, String sql, long maxRowCount, int maxRowsInFirstFrame,
      PrepareCallback callback) {
    return call(() -> new ExecuteResult(session(h.connectionId).execute(h, text(sql), Wanted.of(maxRowCount), maxRowsInFirstFrame)));
  }

  @Deprecated
  @Override
  public ExecuteResult execute(StatementHandle h, List<TypedValue> parameterValues, long maxRowCount) {
    return execute(h, parameterValues, 0);
  }

  @Override
  public ExecuteResult execute(StatementHandle h, List<TypedValue> parameterValues, int maxRowsInFirstFrame) {
    return call(() -> new ExecuteResult(session(h.connectionId).execute(h, parameterValues, maxRowsInFirstFrame)));
  }

  @Override
  public ExecuteBatchResult prepareAndExecuteBatch(StatementHandle h, List<String> sqlCommands) {
    return call(() -> new ExecuteBatchResult(session(h.connectionId).executeCommands(h.id, sqlCommands)));
  }

  @Override
  public ExecuteBatchResult executeBatch(StatementHandle h, List<List<TypedValue>> parameterValues) {
    return call(() -> new ExecuteBatchResult(session(h.connectionId).executeBatch(h.id, parameterValues)));
  }

  /** As {@link #executeBatch}, for requests that came over the network, whose values are still as they were sent. */
  @Override
  public ExecuteBatchResult executeBatchProtobuf(StatementHandle h, List<Requests.UpdateBatch> batches) {
    return call(() -> {
      List<List<TypedValue>> rows = new ArrayList<>(batches.size());
      for (Requests.UpdateBatch batch : batches) {
        rows.add(ParameterDecoder.fromProto(batch.getParameterValuesList()));
      }
      return executeBatch(h, rows);
    });
  }

  /** The next rows; a negative offset gives up the rest of them instead, or stops what is under way for the statement. */
  @Override
  public Frame fetch(StatementHandle h, long offset, int fetchMaxRowCount) {
    return call(() -> {
      if (offset == CANCEL_OFFSET) {
        session(h.connectionId).cancel(h.id);
        return Frame.EMPTY;
      }
      if (offset < 0) {
        session(h.connectionId).closeCursor(h.id);
        return Frame.EMPTY;
      }
      return session(h.connectionId).fetch(h.id, offset, fetchMaxRowCount);
    });
  }

  /** Refused: a client asks for this to run a query again behind its program's back. */
  @Override
  public boolean syncResults(StatementHandle h, QueryState state, long offset) {
    throw new SqlFailure(SqlErrors.of(SqlErrors.INVALID_CURSOR, "The result is gone, and the query is not run again by itself."));
  }

  @Override
  public Map<DatabaseProperty, Object> getDatabaseProperties(ConnectionHandle ch) {
    return call(() -> session(ch.id).use(session -> Map.of()));
  }

  private MetaResultSet metadata(ConnectionHandle ch, Function<List<SqlTable>, MetadataResult> question) {
    return call(() -> session(ch.id).use(session -> question.apply(session.tables()).of(ch.id)));
  }

  @Override
  public MetaResultSet getCatalogs(ConnectionHandle ch) {
    return call(() -> session(ch.id).use(session -> new MetadataResult().texts("TABLE_CAT").of(ch.id)));
  }

  @Override
  public MetaResultSet getSchemas(ConnectionHandle ch, String catalog, Pat schemaPattern) {
    return call(() -> session(ch.id).use(session -> CatalogResults.schemas(session.schemas(), schemaPattern.s).of(ch.id)));
  }

  @Override
  public MetaResultSet getTables(ConnectionHandle ch, String catalog, Pat schemaPattern, Pat tableNamePattern, List<String> typeList) {
    if (typeList != null && typeList.equals(List.of(PRIMARY_KEYS))) {
      return metadata(ch, tables -> CatalogResults.primaryKeys(tables, schemaPattern.s, tableNamePattern.s));
    }
    if (typeList != null && typeList.equals(List.of(ROW_IDENTIFIER))) {
      return metadata(ch, tables -> CatalogResults.rowIdentifier(tables, schemaPattern.s, tableNamePattern.s));
    }
    if (typeList != null && (typeList.equals(List.of(INDEXES)) || typeList.equals(List.of(UNIQUE_INDEXES)))) {
      boolean uniqueOnly = typeList.contains(UNIQUE_INDEXES);
      return metadata(ch, tables -> CatalogResults.indexes(tables, schemaPattern.s, tableNamePattern.s, uniqueOnly));
    }
    String first = typeList == null || typeList.isEmpty() ? "" : typeList.getFirst();
    if (first.equals(TABLE_PRIVILEGES)) {
      return call(() -> session(ch.id).use(
          session -> PrivilegeResults.ofTables(session.tablePrivileges(), schemaPattern.s, tableNamePattern.s).of(ch.id)));
    } else if (first.equals(COLUMN_PRIVILEGES)) {
      String columns = typeList.size() > 1 ? typeList.get(1) : null;
      return call(() -> session(ch.id).use(session -> PrivilegeResults.ofColumns(
          session.tablePrivileges(), session.tables(), schemaPattern.s, tableNamePattern.s, columns).of(ch.id)));
    }
    if (first.equals(IMPORTED_KEYS) || first.equals(EXPORTED_KEYS) || first.equals(CROSS_REFERENCE)) {
      return metadata(ch, tables -> foreignKeys(tables, schemaPattern.s, tableNamePattern.s, typeList));
    }
    return metadata(ch, tables -> CatalogResults.tables(tables, schemaPattern.s, tableNamePattern.s, typeList));
  }

  private static MetadataResult foreignKeys(List<SqlTable> tables, String schema, String table, List<String> question) {
    return switch (question.getFirst()) {
      case IMPORTED_KEYS -> ForeignKeyResults.imported(tables, schema, table);
      case EXPORTED_KEYS -> ForeignKeyResults.exported(tables, schema, table);
      default -> ForeignKeyResults.between(
          tables, schema, table, question.size() > 2 ? question.get(2) : null, question.size() > 1 ? question.get(1) : null);
    };
  }

  @Override
  public MetaResultSet getColumns(ConnectionHandle ch, String catalog, Pat schemaPattern, Pat tableNamePattern, Pat columnNamePattern) {
    return metadata(ch, tables -> CatalogResults.columns(tables, schemaPattern.s, tableNamePattern.s, columnNamePattern.s));
  }

  @Override
  public MetaResultSet getTableTypes(ConnectionHandle ch) {
    return call(() -> session(ch.id).use(session -> CatalogResults.tableTypes().of(ch.id)));
  }

  @Override
  public MetaResultSet getTypeInfo(ConnectionHandle ch) {
    return call(() -> session(ch.id).use(session -> TypeResults.typeInfo().of(ch.id)));
  }
}
