package org.treatydb.sql.session;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.KvException;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.error.SqlFailure;

/** Builds on, in the background, the indexes whose building a crash or a close has interrupted. Thread-safe. */
final class UnfinishedIndexes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(UnfinishedIndexes.class);

  private final Thread worker;
  private volatile boolean closed;

  /** Stops a build. */
  private static final class Stopped extends RuntimeException {

    private static final long serialVersionUID = 1;
  }

  private UnfinishedIndexes(List<IndexBuild> builds) {
    this.worker = builds.isEmpty() ? null : Thread.ofVirtual().name("treaty-index-builds").start(() -> builds.forEach(this::finish));
  }

  /** Starts on those that {@code catalog} has, if any. */
  static UnfinishedIndexes of(TreatyDatabase database, Catalog catalog) {
    List<IndexBuild> builds = new ArrayList<>();
    for (TableDescriptor table : catalog.tables()) {
      for (IndexDescriptor index : table.indexes()) {
        if (!index.isReady()) {
          builds.add(new IndexBuild(database, database.store(), table.id(), index.id()));
        }
      }
    }
    return new UnfinishedIndexes(builds);
  }

  private void finish(IndexBuild build) {
    try {
      build.run(this::checkOpen);
    } catch (Stopped e) {
      LOG.debug("The building of an index was interrupted");
    } catch (KvException e) {
      LOG.warn("The building of an index stopped: {}", e.getMessage());
    } catch (SqlFailure e) {
      LOG.warn("An index could not be built, and is gone ({})", e.state());
    } catch (RuntimeException e) {
      LOG.error("The building of an index failed", e);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new Stopped();
    }
  }

  /** Stops after the batch under way. */
  @Override
  public void close() {
    closed = true;
    if (worker != null) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
