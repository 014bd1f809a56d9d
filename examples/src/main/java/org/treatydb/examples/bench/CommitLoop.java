package org.treatydb.examples.bench;

import java.util.function.Consumer;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;

/** Commits one client's transactions, run again by the store's own loop until they have committed. Not thread-safe. */
final class CommitLoop {

  private final KvStore store;
  private final TransactionOptions options;
  private long attempts;
  private long commits;

  CommitLoop(KvStore store, TransactionOptions options) {
    this.store = store;
    this.options = options;
  }

  void commit(Consumer<KvTransaction> work) {
    boolean committed = false;
    while (!committed) {
      committed = tryToCommit(work);
    }
    commits++;
  }

  /** Whether it committed before the store's loop gave up. */
  private boolean tryToCommit(Consumer<KvTransaction> work) {
    try {
      return store.run(options, transaction -> {
        attempts++;
        work.accept(transaction);
        return true;
      });
    } catch (KvException.Retryable e) {
      return false;
    }
  }

  /** How many transactions had to be run again. */
  long aborts() {
    return attempts - commits;
  }
}
