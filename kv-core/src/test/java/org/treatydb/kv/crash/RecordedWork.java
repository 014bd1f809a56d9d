package org.treatydb.kv.crash;

import java.util.Random;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.history.History;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.workload.ChosenConcurrency;
import org.treatydb.kv.workload.Workers;
import org.treatydb.kv.workload.Workload;

/** One workload on many threads, with one history over all boots. */
final class RecordedWork implements StoreLife.Tenant {

  private static final int THREADS_MAX = 12;
  private static final int TRANSACTIONS_MAX = 500;

  private final ChosenConcurrency.Choice choice;
  private final Random random;
  private final HistoryRecorder recorder = new HistoryRecorder();
  private final Workload workload;

  RecordedWork(Workload.Kind kind, ChosenConcurrency.Choice choice, Random random) {
    this.choice = choice;
    this.random = random;
    this.workload = kind.create(recorder, 0);
  }

  @Override
  public void check(KvStore store) {
    recorder.settle();
    workload.prepare(store);
    workload.readEverything(store);
  }

  @Override
  public void work(KvStore store) {
    int threads = 1 + random.nextInt(THREADS_MAX);
    KvStore chosen = new ChosenConcurrency(store, choice);
    new Workers(Thread.ofVirtual(), threads, workload, chosen, random, 1 + random.nextInt(TRANSACTIONS_MAX), true).await();
  }

  /** All that was done and seen. */
  History history() {
    return recorder.history();
  }
}
