package org.treatydb.kv.workload;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;

/** For controls: a store with one of its promises taken away, so that whatever checks the promise must notice. */
public final class WeakenedStore implements KvStore {

  /** What is missing. */
  public enum Weakness {
    /** Shared locks, on keys and ranges, are gone as soon as the read is done. */
    READS_DO_NOT_KEEP_LOCKS,
    /** Keys are locked, ranges are not. */
    RANGES_ARE_NOT_LOCKED,
    /** Transactions are optimistic, and what single keys they have read is not checked. */
    KEYS_ARE_NOT_VALIDATED,
    /** Transactions are optimistic, and what ranges they have read is not checked. */
    RANGES_ARE_NOT_VALIDATED,
    /** Read-only transactions read a snapshot of some time ago. */
    SNAPSHOTS_ARE_STALE,
    /** A transaction's writes are committed in two halves, after its locks are gone. */
    COMMITS_ARE_NOT_ATOMIC;

    boolean isOptimistic() {
      return this == KEYS_ARE_NOT_VALIDATED || this == RANGES_ARE_NOT_VALIDATED;
    }

    boolean forgetsKeys() {
      return this == READS_DO_NOT_KEEP_LOCKS || this == KEYS_ARE_NOT_VALIDATED;
    }

    boolean forgetsRanges() {
      return this == READS_DO_NOT_KEEP_LOCKS || this == RANGES_ARE_NOT_LOCKED || this == RANGES_ARE_NOT_VALIDATED;
    }
  }

  /** Snapshots that lie ready; the oldest is handed out. */
  private static final int SNAPSHOTS_AHEAD = 8;

  private final KvStore store;
  private final Weakness weakness;
  private final Queue<KvTransaction> snapshots = new ConcurrentLinkedQueue<>();

  public WeakenedStore(KvStore store, Weakness weakness) {
    this.store = store;
    this.weakness = weakness;
  }

  @Override
  public KvTransaction begin(TransactionOptions options) {
    if (!options.readOnly()) {
      return new WeakenedTransaction(store, weakness, options);
    }
    if (weakness != Weakness.SNAPSHOTS_ARE_STALE) {
      return store.begin(options);
    }
    snapshots.add(store.begin(options));
    return snapshots.size() > SNAPSHOTS_AHEAD && snapshots.poll() instanceof KvTransaction old ? old : store.begin(options);
  }

  @Override
  public LockView locks() {
    return store.locks();
  }

  @Override
  public List<TransactionView> transactions() {
    return store.transactions();
  }

  @Override
  public void close() {
    store.close();
  }
}
