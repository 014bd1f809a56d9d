package org.treatydb.sql.session;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.IndexFill;

/**
 * Builds an index that is in the catalog and that writers maintain already: fills in the older rows while others write, then lets it be
 * read. If two rows cannot both be in it, it is removed. Several builds of the same index, on several nodes even, do each other no harm.
 */
final class IndexBuild implements FollowUp {

  private static final Logger LOG = LoggerFactory.getLogger(IndexBuild.class);

  private final TreatyDatabase database;
  private final KvStore store;
  private final int tableId;
  private final int indexId;

  /** {@code store}: where to build; the database's own, or a session's, which can be cancelled. */
  IndexBuild(TreatyDatabase database, KvStore store, int tableId, int indexId) {
    this.database = database;
    this.store = store;
    this.tableId = tableId;
    this.indexId = indexId;
  }

  /**
   * {@inheritDoc} If {@code goOn} throws, the index is built on when the database is opened again.
   *
   * @throws SqlFailure 23505 if the index is unique and two rows have the same values; the index is gone then
   */
  @Override
  public void run(Runnable goOn) {
    Found found = find();
    if (found == null || found.index.isReady()) {
      return;
    }
    boolean there;
    try {
      there = IndexFill.online(store, found.table, indexId, goOn);
    } catch (SqlFailure e) {
      change(database.store(), SessionTransaction::dropIndex);
      throw e;
    }
    if (!there || !change(store, SessionTransaction::indexReady)) {
      throw new SqlFailure(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "Index \"" + found.index.name() + "\" was dropped while it was being built.");
    }
  }

  /** Takes the index away; says in the log if that fails, because the next start of the database would build it. */
  @Override
  public void undo() {
    try {
      change(database.store(), SessionTransaction::dropIndex);
    } catch (KvException e) {
      LOG.warn("An index that could not be built stays in the catalog until the database is opened again: {}", e.getMessage());
    }
  }

  private record Found(TableDescriptor table, IndexDescriptor index) {}

  private Found find() {
    SessionTransaction transaction = new SessionTransaction(database, store, TransactionOptions.READ_ONLY);
    try {
      return find(transaction);
    } finally {
      transaction.rollback();
    }
  }

  private Found find(SessionTransaction transaction) {
    TableDescriptor table = transaction.catalog().table(tableId);
    IndexDescriptor index = table == null ? null : table.index(indexId);
    return index == null ? null : new Found(table, index);
  }

  /** A change of the schema that concerns the index. */
  private interface Change {
    void apply(SessionTransaction transaction, TableDescriptor table, IndexDescriptor index);
  }

  /** Changes the schema, if the index is still there and not ready; says whether it is there. */
  private boolean change(KvStore where, Change change) {
    return SessionTransaction.change(database, where, transaction -> {
      Found found = find(transaction);
      if (found != null && !found.index.isReady()) {
        change.apply(transaction, found.table, found.index);
      }
      return found != null;
    });
  }
}
