package org.treatydb.kv.workload;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.treatydb.kv.api.ConcurrencyControl;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;

/** A store whose read-write transactions are all of one kind, or each of any; each reads early, or not. */
public record ChosenConcurrency(KvStore store, Choice choice) implements KvStore {

  /** What the transactions are. */
  public enum Choice {
    PESSIMISTIC,
    OPTIMISTIC,
    /** Each of either kind. */
    MIXED,
    /** Each of either kind, and waiting for a lock for a millisecond, or not at all. */
    IMPATIENT
  }

  @Override
  public KvTransaction begin(TransactionOptions options) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    TransactionOptions chosen = options.withConcurrencyControl(switch (choice) {
      case PESSIMISTIC -> ConcurrencyControl.PESSIMISTIC;
      case OPTIMISTIC -> ConcurrencyControl.OPTIMISTIC;
      case MIXED, IMPATIENT -> random.nextBoolean() ? ConcurrencyControl.OPTIMISTIC : ConcurrencyControl.PESSIMISTIC;
    }).withEarlyReads(random.nextBoolean());
    return store.begin(choice == Choice.IMPATIENT ? chosen.withLockTimeout(Duration.ofMillis(random.nextInt(2))) : chosen);
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
