package org.treatydb.kv.workload;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.treatydb.kv.api.ConcurrencyControl;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;

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
  public List<TransactionView> transactions() {
    return store.transactions();
  }

  @Override
  public void close() {
    store.close();
  }
}
