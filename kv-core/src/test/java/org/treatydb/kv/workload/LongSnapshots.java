package org.treatydb.kv.workload;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.Outcome;

/**
 * Read-only transactions that stay open while their processes run many others, and then read again what they read first: by then it has
 * changed, was flushed, and its leaves were rewritten. Each process has at most one.
 */
final class LongSnapshots {

  /** Their processes come after all others. */
  private static final int FIRST_PROCESS = 1_000_000;

  private static final int STEPS_BETWEEN = 12;

  private record Open(
      KvStore store, KvTransaction transaction, HistoryRecorder.Recording recording,
      BiConsumer<KvTransaction, HistoryRecorder.Recording> reads) {}

  private final HistoryRecorder recorder;
  private final Map<Integer, Open> open = new ConcurrentHashMap<>();

  LongSnapshots(HistoryRecorder recorder) {
    this.recorder = recorder;
  }

  /** Now and then begins one, or ends the one there is. {@code reads} must read the same whenever it is called. */
  void step(KvStore store, int process, Random random, BiConsumer<KvTransaction, HistoryRecorder.Recording> reads) {
    if (random.nextInt(STEPS_BETWEEN) > 0) {
      return;
    }
    Open begun = open.remove(process);
    if (begun != null && begun.store == store) {
      end(begun);
    } else {
      begin(store, process, reads);
    }
  }

  private void begin(KvStore store, int process, BiConsumer<KvTransaction, HistoryRecorder.Recording> reads) {
    HistoryRecorder.Recording recording = recorder.begin(FIRST_PROCESS + process);
    try {
      Open begun = new Open(store, store.begin(TransactionOptions.READ_ONLY), recording, reads);
      reads.accept(begun.transaction, recording);
      open.put(process, begun);
    } catch (KvException e) {
      recording.end(Outcome.ABORTED);
      Attempt.passOnUnlessAllowed(e);
    }
  }

  private static void end(Open begun) {
    Outcome outcome = Outcome.ABORTED;
    try (KvTransaction transaction = begun.transaction) {
      begun.reads.accept(transaction, begun.recording);
      begun.recording.commits();
      transaction.commit();
      outcome = Outcome.COMMITTED;
    } catch (KvException e) {
      Attempt.passOnUnlessAllowed(e);
    } finally {
      begun.recording.end(outcome);
    }
  }
}
