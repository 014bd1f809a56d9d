package org.treatydb.kv.workload;

import java.util.Random;
import java.util.function.Supplier;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.history.HistoryRecorder;

/**
 * Runs a workload on a store that is opened {@code boots} times. All boots but the last are closed while the work goes on.
 *
 * @param threads threads that work at a time: virtual or platform threads, taking turns by seed and boot
 * @param transactions transactions of all boots together
 */
public record WorkloadRun(Workload.Kind kind, long seed, int threads, int transactions, int boots) {

  /**
   * Runs it, and checks what was seen.
   *
   * @throws AssertionError if it cannot be, or a transaction failed as none should; with the seed
   */
  public void on(Supplier<? extends KvStore> opener) {
    HistoryRecorder recorder = new HistoryRecorder();
    Workload workload = kind.create(recorder, 0);
    try {
      for (int boot = 1; boot <= boots; boot++) {
        try (KvStore store = opener.get()) {
          workload.prepare(store);
          work(store, workload, boot);
          if (boot == boots) {
            workload.readEverything(store);
          }
        }
      }
      kind.check(recorder.history());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(this + ": " + e.getMessage(), e);
    }
  }

  private void work(KvStore store, Workload workload, int boot) throws InterruptedException {
    Thread.Builder builder = (seed + boot) % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
    Random random = new Random(seed * 31 + boot);
    Workers workers = new Workers(builder, threads, workload, store, random, Math.max(1, transactions / boots), false);
    if (boot < boots) {
      workers.awaitMiddle();
      store.close();
    }
    workers.await();
  }
}
