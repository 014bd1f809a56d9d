package org.treatydb.sql.session;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlNode;
import org.treatydb.kv.api.ConcurrencyControl;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.sql.access.Actor;
import org.treatydb.sql.access.Rights;
import org.treatydb.sql.api.Cancellation;
import org.treatydb.sql.api.SqlColumn;
import org.treatydb.sql.api.SqlForeignKey;
import org.treatydb.sql.api.SqlIndex;
import org.treatydb.sql.api.SqlPrivilege;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.api.SqlStatement;
import org.treatydb.sql.api.SqlTable;
import org.treatydb.sql.api.SqlUser;
import org.treatydb.sql.audit.AuditLog;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.Constraints.ForeignKey;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.SchemaDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.ViewDescriptor;
import org.treatydb.sql.error.ErrorTranslator;
import org.treatydb.sql.error.SqlErrors;
import org.treatydb.sql.parser.TransactionModes;
import org.treatydb.sql.parser.TreatyParser;
import org.treatydb.sql.plan.GeneratedKeys;
import org.treatydb.sql.system.SystemView;
import org.treatydb.sql.system.SystemViews;

/**
 * A session.
 *
 * <p>A transaction that the store has ended by itself (SQLState 40001, or a failure of the store) is <em>lost</em>: nothing of it was
 * committed. So that an application which overlooks this does not commit the second half of its work alone, every statement is then refused
 * with 25P02 until the application ends the transaction: {@link #rollback} does so quietly, {@link #commit} with the reason again, because
 * what it asks for did not happen.
 */
final class Session implements SqlSession {

  private final TreatyDatabase database;
  private final Interruption interruption = new Interruption();
  private final KvStore store;
  private Actor actor;
  private final Set<SessionCursor> autocommitCursors = ConcurrentHashMap.newKeySet();
  private boolean autoCommit = true;
  /** Of the transactions to come. */
  private TransactionOptions options;
  private SessionTransaction current;
  private SQLException lost;
  private final Map<Integer, Long> lastNumbers = new HashMap<>();
  private boolean closed;

  Session(TreatyDatabase database, SqlUser user, TransactionOptions options) {
    this.database = database;
    this.actor = Actor.of(user);
    this.store = interruption.over(database.store());
    this.options = options;
  }

  TreatyDatabase database() {
    return database;
  }

  /** In whose name the session works. */
  Actor actor() {
    return actor;
  }

  /** SET ROLE: works in that role's name from now on, whatever becomes of the transaction; null for the user's own. */
  void setRole(String name) throws SQLException {
    checkOpen();
    checkNotLost();
    try {
      actor = name == null ? Actor.of(actor.user())
          : withCatalog(catalog -> new Actor(actor.user(), Rights.of(catalog, Actor.of(actor.user())).roleToWorkAs(name)));
    } catch (Throwable t) {
      throw failure(t, current);
    }
  }

  /**
   * Fails with 42501 if the session may not do what a statement, which is planned for {@code catalog}, does. A transaction that holds no
   * lock on the catalog may have an old one; then the present one must allow it, too.
   *
   * @param fresh whether the transaction has begun with the statement
   */
  void authorize(Statement statement, Catalog catalog, SessionTransaction transaction, boolean fresh) {
    statement.authorize(catalog, actor);
    if (!fresh && !transaction.locksCatalog() && !Rights.of(catalog, actor).isSystem()) {
      Catalog present = database.presentCatalog();
      if (present.version() != catalog.version()) {
        Rights.of(present, actor).check(statement.planned().accesses());
      }
    }
  }

  /** What tells the audit log of a statement. */
  Runnable audit(Catalog catalog, String statement) {
    Rights rights = Rights.of(catalog, actor);
    return () -> AuditLog.changed(rights.sessionUser(), rights.currentUser(), statement);
  }

  /** The number that the session has last got of each sequence, by the sequence's id. */
  Map<Integer, Long> lastNumbers() {
    return lastNumbers;
  }

  /** The database's store, whose transactions are cancelled with the work that begins them. */
  KvStore store() {
    return store;
  }

  Interruption interruption() {
    return interruption;
  }

  @Override
  public void obey(Cancellation cancellation) {
    interruption.obey(cancellation);
    if (current != null) {
      interruption.attach(current.store());
    }
  }

  @Override
  public SqlStatement prepareReturningKeys(String sql, boolean all) throws SQLException {
    checkOpen();
    String returning;
    try {
      checkNotLost();
      returning = withCatalog(catalog -> {
        Rights.of(catalog, actor);
        return GeneratedKeys.returning(sql, catalog, all);
      });
    } catch (Throwable t) {
      throw failure(t, current);
    }
    return returning == null ? prepare(sql) : prepare(returning).givingKeys();
  }

  @Override
  public Statement prepare(String sql) throws SQLException {
    checkOpen();
    try {
      SqlNode parsed = TreatyParser.parseStatement(sql);
      Control control = Control.of(parsed);
      if (control != null) {
        return Statement.control(this, sql, control);
      }
      checkNotLost();
      return withCatalog(catalog -> {
        Statement statement = Statement.planned(this, sql, database.plans().plan(sql, catalog), catalog);
        statement.authorize(catalog, actor);
        return statement;
      });
    } catch (Throwable t) {
      throw failure(t, current);
    }
  }

  SqlResult execute(Statement statement, List<Object> parameters) throws SQLException {
    checkOpen();
    if (statement.control() != null) {
      statement.control().run(this);
      return new SqlResult.UpdateCount(0);
    }
    checkNotLost();
    if (current == null && autoCommit) {
      return new Autocommit(this, options).execute(statement, parameters);
    }
    try {
      if (current == null) {
        current = new SessionTransaction(database, store, options);
      }
      return new Execution(this, current, false).run(statement, parameters);
    } catch (Throwable t) {
      throw failure(t, current);
    }
  }

  /**
   * What callers get of a failure.
   *
   * @param transaction the session's transaction, if it was that which failed; it is lost if the store ended it
   */
  SQLException failure(Throwable thrown, SessionTransaction transaction) {
    SQLException exception = explained(ErrorTranslator.translate(thrown));
    if (transaction != null && transaction == current && endsTransaction(thrown)) {
      lost = exception;
      current = null;
      transaction.rollback();
    }
    return exception;
  }

  /** A statement that was stopped in the store says why, too. */
  private SQLException explained(SQLException exception) {
    String reason = interruption.reason();
    return reason != null && SqlState.QUERY_CANCELED.code().equals(exception.getSQLState())
        ? SqlErrors.of(SqlState.QUERY_CANCELED, reason) : exception;
  }

  private static boolean endsTransaction(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof KvException e) {
        return !(e instanceof KvException.InvalidRequest);
      }
    }
    return false;
  }

  void opened(SessionCursor cursor) {
    autocommitCursors.add(cursor);
  }

  void closed(SessionCursor cursor) {
    autocommitCursors.remove(cursor);
  }

  @Override
  public boolean isAutoCommit() {
    return autoCommit;
  }

  @Override
  public void setAutoCommit(boolean newAutoCommit) throws SQLException {
    checkOpen();
    if (newAutoCommit != autoCommit) {
      commit();
      autoCommit = newAutoCommit;
    }
  }

  @Override
  public boolean isReadOnly() {
    return options.readOnly();
  }

  @Override
  public void setReadOnly(boolean newReadOnly) throws SQLException {
    checkOpen();
    if (inTransaction()) {
      throw SqlErrors.of(SqlState.TRANSACTION_ACTIVE, "READ ONLY cannot be changed within a transaction.");
    }
    options = options.withReadOnly(newReadOnly);
  }

  @Override
  public boolean inTransaction() {
    return current != null || lost != null;
  }

  @Override
  public boolean holdsTransaction() {
    return current != null && database.isOpen(current.store());
  }

  /** SET SESSION CHARACTERISTICS: for the transactions that begin from now on. */
  void setCharacteristics(TransactionModes modes) throws SQLException {
    checkOpen();
    if (modes.readOnly() != null) {
      throw SqlErrors.of(SqlState.FEATURE_NOT_SUPPORTED, "READ ONLY and READ WRITE cannot be set for the session in SQL; call "
          + "Connection.setReadOnly.");
    }
    options = with(modes);
  }

  /** The session's options, but for what {@code modes} say. */
  private TransactionOptions with(TransactionModes modes) {
    TransactionOptions changed = modes.readOnly() == null ? options : options.withReadOnly(modes.readOnly());
    return modes.optimistic() == null ? changed
        : changed.withConcurrencyControl(modes.optimistic() ? ConcurrencyControl.OPTIMISTIC : ConcurrencyControl.PESSIMISTIC);
  }

  /** START TRANSACTION; what is not said is left to the session. */
  void begin(TransactionModes modes) throws SQLException {
    checkOpen();
    checkNotLost();
    if (current != null) {
      throw SqlErrors.of(SqlState.TRANSACTION_ACTIVE, "A transaction is open already.");
    }
    try {
      current = new SessionTransaction(database, store, with(modes));
    } catch (KvException e) {
      throw ErrorTranslator.translate(e);
    }
  }

  @Override
  public void commit() throws SQLException {
    checkOpen();
    if (lost != null) {
      SQLException reason = lost;
      lost = null;
      throw SqlErrors.of(reason.getSQLState(),
          "Nothing was committed: the transaction had been rolled back before. " + reason.getMessage());
    }
    SessionTransaction ending = current;
    current = null;
    if (ending != null) {
      try {
        ending.commit();
      } catch (Throwable t) {
        ending.rollback();
        throw ErrorTranslator.translate(t);
      }
    }
  }

  @Override
  public void rollback() throws SQLException {
    checkOpen();
    lost = null;
    SessionTransaction ending = current;
    current = null;
    if (ending != null) {
      try {
        ending.rollback();
      } catch (Throwable t) {
        throw ErrorTranslator.translate(t);
      }
    }
  }

  @Override
  public void setSavepoint(String name) throws SQLException {
    withSavepoints(transaction -> transaction.setSavepoint(name));
  }

  @Override
  public void rollbackToSavepoint(String name) throws SQLException {
    withSavepoints(transaction -> transaction.rollbackToSavepoint(name));
  }

  @Override
  public void releaseSavepoint(String name) throws SQLException {
    withSavepoints(transaction -> transaction.releaseSavepoint(name));
  }

  private void withSavepoints(Consumer<SessionTransaction> action) throws SQLException {
    checkOpen();
    checkNotLost();
    if (current == null && autoCommit) {
      throw SqlErrors.of(SqlState.NO_ACTIVE_TRANSACTION, "Savepoints need a transaction; in autocommit mode there is none.");
    }
    try {
      if (current == null) {
        current = new SessionTransaction(database, store, options);
      }
      action.accept(current);
    } catch (Throwable t) {
      throw failure(t, current);
    }
  }

  @Override
  public List<SqlTable> tables() throws SQLException {
    checkOpen();
    checkNotLost();
    try {
      return withCatalog(catalog -> tables(Rights.of(catalog, actor).visible()));
    } catch (Throwable t) {
      throw failure(t, current);
    }
  }

  @Override
  public List<SqlPrivilege> tablePrivileges() throws SQLException {
    checkOpen();
    checkNotLost();
    try {
      return withCatalog(catalog -> SystemViews.tablePrivileges(Rights.of(catalog, actor).visible()));
    } catch (Throwable t) {
      throw failure(t, current);
    }
  }

  @Override
  public List<String> schemas() throws SQLException {
    checkOpen();
    checkNotLost();
    try {
      return withCatalog(catalog -> Stream.concat(
          Rights.of(catalog, actor).visible().schemas().stream().map(SchemaDescriptor::name),
          database.systemViews().all().keySet().stream()).sorted().toList());
    } catch (Throwable t) {
      throw failure(t, current);
    }
  }

  private List<SqlTable> tables(Catalog catalog) {
    List<SqlTable> tables = new ArrayList<>();
    for (SchemaDescriptor schema : catalog.schemas()) {
      catalog.tables().stream().filter(table -> table.schemaId() == schema.id())
          .forEach(table -> tables.add(describe(catalog, schema, table)));
      catalog.views().stream().filter(view -> view.schemaId() == schema.id()).forEach(view -> tables.add(describe(schema, view)));
    }
    database.systemViews().all().forEach((schema, views) -> {
      for (SystemView view : views) {
        List<SqlColumn> columns = view.columns().stream().map(column -> describe(view.name(), column)).toList();
        tables.add(new SqlTable(schema, view.name(), false, true, columns, List.of(), null, List.of(), List.of(), 1, List.of(), null));
      }
    });
    tables.sort(Comparator.comparing(SqlTable::schema).thenComparing(SqlTable::name));
    return List.copyOf(tables);
  }

  private static SqlTable describe(Catalog catalog, SchemaDescriptor schema, TableDescriptor table) {
    List<SqlColumn> columns = table.columns().stream().map(column -> describe(table.name(), column)).toList();
    List<String> key = table.keyPositions().stream().map(position -> table.columns().get(position).name()).toList();
    List<SqlIndex> indexes = table.indexes().stream().filter(IndexDescriptor::isReady).map(index -> describe(table, index)).toList();
    List<SqlForeignKey> keys = table.constraints().foreignKeys().stream().map(foreign -> describe(catalog, table, foreign)).toList();
    String keyName = key.isEmpty() ? null : table.primaryKeyName();
    return new SqlTable(schema.name(), table.name(), false, false, columns, key, keyName, indexes, keys,
        table.partitioning().buckets(), table.partitionColumns(), table.comment());
  }

  private static SqlTable describe(SchemaDescriptor schema, ViewDescriptor view) {
    List<SqlColumn> columns = view.columns().stream().map(column -> describe(view.name(), column)).toList();
    return new SqlTable(schema.name(), view.name(), true, false, columns, List.of(), null, List.of(), List.of(), 1,
        List.of(), view.comment());
  }

  private static SqlForeignKey describe(Catalog catalog, TableDescriptor table, ForeignKey key) {
    TableDescriptor parent = catalog.table(key.parentId());
    return new SqlForeignKey(key.name(), table.columnNames(key.columnIds()), catalog.schemaName(parent), parent.name(),
        parent.columnNames(key.parentColumnIds()), parent.keyName(key.parentColumnIds()),
        SqlForeignKey.Rule.valueOf(key.onDelete().name()), SqlForeignKey.Rule.valueOf(key.onUpdate().name()));
  }

  private static SqlIndex describe(TableDescriptor table, IndexDescriptor index) {
    List<SqlIndex.Column> columns = new ArrayList<>();
    for (int position : table.positions(index)) {
      columns.add(new SqlIndex.Column(table.columns().get(position).name(), index.parts().get(columns.size()).descending()));
    }
    return new SqlIndex(index.name(), index.unique(), List.copyOf(columns));
  }

  private static SqlColumn describe(String table, ColumnDescriptor column) {
    return new SqlColumn(column.name(), column.type().jdbcType(), column.type().sqlName(), column.type().precision(), column.type().scale(),
        column.nullable(), table, column.source().sql(), column.source().isIdentity(), column.generatedSql() != null, column.comment());
  }

  /** Something to do with the catalog. */
  private interface CatalogWork<T> {
    T run(Catalog catalog) throws SQLException;
  }

  /** Works with the catalog of the session's transaction, or, if there is none, with the present one. */
  private <T> T withCatalog(CatalogWork<T> work) throws SQLException {
    if (current != null) {
      return work.run(current.catalog());
    }
    SessionTransaction reader = new SessionTransaction(database, store, options.withReadOnly(true));
    try {
      return work.run(reader.catalog());
    } finally {
      reader.rollback();
    }
  }

  private void checkOpen() throws SQLException {
    if (closed) {
      throw SqlErrors.of(SqlState.CONNECTION_CLOSED, "The session is closed.");
    }
  }

  private void checkNotLost() throws SQLException {
    if (lost != null) {
      throw SqlErrors.of(SqlState.TRANSACTION_FAILED,
          "The transaction has been rolled back; end it with ROLLBACK before going on. " + lost.getMessage());
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    autocommitCursors.forEach(SessionCursor::close);
    SessionTransaction ending = current;
    current = null;
    if (ending != null) {
      ending.rollback();
    }
    database.ended(this);
  }
}
