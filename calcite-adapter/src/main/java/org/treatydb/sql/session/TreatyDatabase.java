package org.treatydb.sql.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.sql.api.SqlAccount;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.api.SqlUser;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.DroppedRows;
import org.treatydb.sql.catalog.Partitioning;
import org.treatydb.sql.error.ErrorTranslator;
import org.treatydb.sql.error.SqlErrors;
import org.treatydb.sql.exec.QueryMemory;
import org.treatydb.sql.system.SystemViews;

/**
 * A SQL database over a key-value store. What its sessions share: the store, the catalogs of recent versions, the plans of recent
 * statements, and the deletion of dropped tables' rows. Thread-safe.
 */
public final class TreatyDatabase implements SqlDatabase {

  /** Catalogs kept; more than one is needed only while transactions of several versions run. */
  private static final int CATALOGS_MAX = 8;

  private final KvStore store;
  private final DroppedRows droppedRows;
  private final SequenceNumbers sequences;
  private final UnfinishedIndexes unfinishedIndexes;
  private final SystemViews systemViews;
  private final PlanCache plans;
  private final QueryMemory queryMemory;
  private final Cache<Long, Catalog> catalogs = Caffeine.newBuilder().maximumSize(CATALOGS_MAX).build();
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private TreatyDatabase(KvStore store, int defaultBuckets, QueryMemory queryMemory) {
    this.store = store;
    this.queryMemory = queryMemory;
    this.droppedRows = new DroppedRows(store);
    this.sequences = new SequenceNumbers(store);
    this.systemViews = new SystemViews(store);
    this.plans = new PlanCache(systemViews, defaultBuckets);
    try (KvTransaction reader = store.begin(TransactionOptions.READ_ONLY)) {
      this.unfinishedIndexes = UnfinishedIndexes.of(this, CatalogStore.load(reader));
    }
  }

  /**
   * The database in {@code store}; a new store gets an empty catalog. Tables that do not declare buckets get one. The caller closes the
   * database, then the store.
   *
   * @throws SQLException if the store fails
   */
  public static SqlDatabase over(KvStore store) throws SQLException {
    return over(store, 1);
  }

  /**
   * As {@link #over(KvStore)}, for a store that lies on several nodes.
   *
   * @param defaultBuckets how many buckets a table is created with that does not declare any; 1 to {@link Partitioning#BUCKETS_MAX}
   */
  public static SqlDatabase over(KvStore store, int defaultBuckets) throws SQLException {
    return over(store, defaultBuckets, QueryMemory.ofHeap());
  }

  /**
   * As {@link #over(KvStore, int)}.
   *
   * @param queryMemory what statements may hold of rows in memory
   */
  public static SqlDatabase over(KvStore store, int defaultBuckets, QueryMemory queryMemory) throws SQLException {
    if (defaultBuckets < 1 || defaultBuckets > Partitioning.BUCKETS_MAX) {
      throw new IllegalArgumentException("tables have 1 to " + Partitioning.BUCKETS_MAX + " buckets, not " + defaultBuckets);
    }
    try {
      CatalogStore.initialize(store);
      return new TreatyDatabase(store, defaultBuckets, queryMemory);
    } catch (KvException e) {
      throw ErrorTranslator.translate(e);
    }
  }

  @Override
  public SqlSession openSession(SqlUser user, TransactionOptions transactions) throws SQLException {
    if (closed) {
      throw SqlErrors.of(SqlState.CONNECTION_CLOSED, "The database is closed.");
    }
    Session session = new Session(this, user, transactions);
    sessions.add(session);
    return session;
  }

  @Override
  public boolean requiresSignIn() throws SQLException {
    try {
      return presentCatalog().authorization().signInRequired();
    } catch (KvException e) {
      throw ErrorTranslator.translate(e);
    }
  }

  @Override
  public SqlAccount account(String name) throws SQLException {
    try {
      return Account.of(presentCatalog().authorization().role(name));
    } catch (KvException e) {
      throw ErrorTranslator.translate(e);
    }
  }

  KvStore store() {
    return store;
  }

  /** The catalog as the last commit has left it. */
  Catalog presentCatalog() {
    try (KvTransaction reader = store.begin(TransactionOptions.READ_ONLY)) {
      return catalog(reader, CatalogStore.version(reader));
    }
  }

  /** Whether {@code transaction} has not ended, by its session or by the store's limits. */
  boolean isOpen(KvTransaction transaction) {
    return store.transactions().stream().anyMatch(view -> view.id().equals(transaction.id()));
  }

  SystemViews systemViews() {
    return systemViews;
  }

  SequenceNumbers sequences() {
    return sequences;
  }

  QueryMemory queryMemory() {
    return queryMemory;
  }

  PlanCache plans() {
    return plans;
  }

  /** The catalog of {@code version}, which {@code transaction} has read as the present one and changed nothing of. */
  Catalog catalog(KvTransaction transaction, long version) {
    Catalog catalog = catalogs.getIfPresent(version);
    if (catalog == null) {
      Catalog loaded = CatalogStore.load(transaction);
      catalog = catalogs.get(version, _ -> loaded);
    }
    return catalog;
  }

  /** Takes over a catalog whose transaction has committed. */
  void committed(Catalog catalog, boolean dropped) {
    catalogs.put(catalog.version(), catalog);
    if (dropped) {
      droppedRows.wake();
    }
  }

  void ended(Session session) {
    sessions.remove(session);
  }

  /** Ends the sessions; none may be running a statement. */
  @Override
  public void close() {
    closed = true;
    sessions.forEach(Session::close);
    unfinishedIndexes.close();
    droppedRows.close();
  }
}
