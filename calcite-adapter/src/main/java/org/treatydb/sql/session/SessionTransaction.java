package org.treatydb.sql.session;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.treatydb.kv.api.ConcurrencyControl;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableStatistics;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.RowIds;
import org.treatydb.sql.plan.Definition;

/**
 * A transaction as a session sees it: the store's, with the catalog it works with, its savepoints by name, and its open cursors. Not
 * thread-safe.
 */
final class SessionTransaction {

  private final TreatyDatabase database;
  private final KvTransaction store;
  private final boolean readOnly;
  private final boolean locksCatalog;
  private final RowIds rowIds;
  /** The newest last; of several with one name, the newest hides the others until it is released. */
  private final List<NamedMark> savepoints = new ArrayList<>();
  private final List<SessionCursor> cursors = new ArrayList<>();
  private SchemaState schema = new SchemaState(null, false, false, ImmutableList.of());

  /** What the transaction knows and did of the schema; undone with a savepoint. */
  private record SchemaState(Catalog catalog, boolean changed, boolean dropped, ImmutableList<Runnable> audits) {

    SchemaState with(Catalog after, boolean drops) {
      return new SchemaState(after, true, dropped || drops, audits);
    }
  }

  /** A point to come back to. */
  private record Mark(KvTransaction.Savepoint store, SchemaState schema, List<SessionCursor> cursors) {}

  private record NamedMark(String name, Mark mark) {}

  /** {@code store}: where to begin it; the database's own, or a session's, which can be cancelled. */
  SessionTransaction(TreatyDatabase database, KvStore store, TransactionOptions options) {
    this.database = database;
    this.store = store.begin(options);
    this.readOnly = options.readOnly();
    this.locksCatalog = !readOnly && options.concurrencyControl() == ConcurrencyControl.PESSIMISTIC;
    this.rowIds = new RowIds(this.store.id());
  }

  KvTransaction store() {
    return store;
  }

  boolean isReadOnly() {
    return readOnly;
  }

  /** Whether the catalog that it has read stays the present one until it ends. */
  boolean locksCatalog() {
    return locksCatalog;
  }

  RowIds rowIds() {
    return rowIds;
  }

  /** The catalog as this transaction sees it; holds a shared lock on its version if the transaction may write. */
  Catalog catalog() {
    if (schema.catalog == null) {
      schema = new SchemaState(database.catalog(store, CatalogStore.version(store)), false, false, schema.audits);
    }
    return schema.catalog;
  }

  /** As {@link #catalog}, for a statement that will change it. */
  Catalog catalogForUpdate() {
    long version = CatalogStore.versionForUpdate(store);
    if (schema.catalog == null) {
      schema = new SchemaState(database.catalog(store, version), false, false, schema.audits);
    }
    return schema.catalog;
  }

  /** Changes the schema in some way. */
  void change(Definition.Change change) {
    schema = schema.with(change.apply(store, catalogForUpdate()), true);
  }

  /** Tells the audit log, once the transaction has committed, unless this is undone before. */
  void audit(Runnable entry) {
    schema = new SchemaState(schema.catalog, schema.changed, schema.dropped,
        ImmutableList.<Runnable>builder().addAll(schema.audits).add(entry).build());
  }

  /** Adds an index to the catalog, not its entries; gives it with its id. */
  IndexDescriptor createIndex(TableDescriptor table, IndexDescriptor draft) {
    Catalog changed = CatalogStore.createIndex(store, catalogForUpdate(), table, draft);
    schema = schema.with(changed, false);
    return changed.table(table.id()).index(draft.name());
  }

  void indexReady(TableDescriptor table, IndexDescriptor index) {
    schema = schema.with(CatalogStore.indexReady(store, catalogForUpdate(), table, index.id()), false);
  }

  void dropIndex(TableDescriptor table, IndexDescriptor index) {
    schema = schema.with(CatalogStore.dropIndex(store, catalogForUpdate(), table, index.id()), true);
  }

  void putStatistics(TableDescriptor table, TableStatistics found) {
    schema = schema.with(CatalogStore.putStatistics(store, catalogForUpdate(), table, found), false);
  }

  /** A change of the schema, in a transaction of its own, repeated as often as others get in its way. */
  static <T> T change(TreatyDatabase database, KvStore store, Function<SessionTransaction, T> work) {
    for (int attempt = 1; ; attempt++) {
      SessionTransaction transaction = new SessionTransaction(database, store, TransactionOptions.READ_WRITE);
      try {
        transaction.catalogForUpdate();
        T result = work.apply(transaction);
        transaction.commit();
        return result;
      } catch (KvException.Retryable e) {
        if (attempt == Autocommit.ATTEMPTS_MAX) {
          throw e;
        }
      } finally {
        transaction.rollback();
      }
      Autocommit.pause(attempt);
    }
  }

  /** Runs what must leave nothing behind when it fails. */
  <T> T atomically(StatementWork<T> work) throws Exception {
    Mark before = mark();
    try {
      T result = work.run();
      release(before);
      return result;
    } catch (Throwable t) {
      try {
        backTo(before);
      } catch (RuntimeException e) {
        t.addSuppressed(e);
      }
      throw t;
    }
  }

  /** A part of a statement. */
  interface StatementWork<T> {
    T run() throws Exception;
  }

  private Mark mark() {
    return new Mark(readOnly ? null : store.savepoint(), schema, List.copyOf(cursors));
  }

  private void backTo(Mark mark) {
    if (mark.store != null) {
      store.rollbackTo(mark.store);
    }
    schema = mark.schema;
  }

  void setSavepoint(String name) {
    savepoints.add(new NamedMark(name, mark()));
  }

  /** Also closes the cursors opened since: their rows may be of what is undone. */
  void rollbackToSavepoint(String name) {
    int place = savepointPlace(name);
    Mark mark = savepoints.get(place).mark;
    cursors.stream().filter(cursor -> !mark.cursors.contains(cursor)).toList().forEach(SessionCursor::close);
    backTo(mark);
    forgetFrom(place + 1);
  }

  private void release(Mark mark) {
    if (mark.store != null) {
      store.release(mark.store);
    }
  }

  void releaseSavepoint(String name) {
    int place = savepointPlace(name);
    release(savepoints.get(place).mark);
    forgetFrom(place);
  }

  private int savepointPlace(String name) {
    for (int i = savepoints.size() - 1; i >= 0; i--) {
      if (savepoints.get(i).name.equals(name)) {
        return i;
      }
    }
    throw new SqlFailure(SqlState.INVALID_SAVEPOINT, "There is no savepoint \"" + name + "\".");
  }

  private void forgetFrom(int place) {
    savepoints.subList(place, savepoints.size()).clear();
  }

  void opened(SessionCursor cursor) {
    cursors.add(cursor);
  }

  void closed(SessionCursor cursor) {
    cursors.remove(cursor);
  }

  private void closeCursors() {
    List.copyOf(cursors).forEach(SessionCursor::close);
  }

  void commit() {
    closeCursors();
    store.commit();
    if (schema.changed) {
      database.committed(schema.catalog, schema.dropped);
    }
    schema.audits.forEach(Runnable::run);
  }

  /** Undoes everything; fails only if what the transaction has read early cannot become stable. */
  void rollback() {
    closeCursors();
    store.close();
  }
}
