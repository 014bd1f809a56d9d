package org.treatydb.kv.workload;

import java.util.concurrent.ThreadLocalRandom;
import org.treatydb.kv.api.ConcurrencyControl;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionOptions;

/** A store whose read-write transactions are all of one kind, or each of any. */
public record ChosenConcurrency(KvStore store, Choice choice) implements KvStore {

  /** What the transactions are. */
  public enum Choice { PESSIMISTIC, OPTIMISTIC, MIXED }

  @Override
  public KvTransaction begin(TransactionOptions options) {
    return store.begin(options.withConcurrencyControl(switch (choice) {
      case PESSIMISTIC -> ConcurrencyControl.PESSIMISTIC;
      case OPTIMISTIC -> ConcurrencyControl.OPTIMISTIC;
      case MIXED -> ThreadLocalRandom.current().nextBoolean() ? ConcurrencyControl.OPTIMISTIC : ConcurrencyControl.PESSIMISTIC;
    }));
  }

  @Override
  public LockView locks() {
    return store.locks();
  }

  @Override
  public void close() {
    store.close();
  }
}
