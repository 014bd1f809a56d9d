package org.treatydb.kv.workload;

import java.util.Random;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.Outcome;

/**
 * Each row names another, and together they are a ring. A transaction follows it for three steps and lets two of the rows it has met change
 * places. Half of that, or that on top of what another has done meanwhile, would leave several rings, or one too short.
 */
final class RingWorkload implements Workload {

  private static final int ROWS = 9;

  private final HistoryRecorder recorder;
  private final Receipts receipts;

  RingWorkload(HistoryRecorder recorder, int receiptsWritten) {
    this.recorder = recorder;
    this.receipts = new Receipts("rewired", receiptsWritten);
  }

  private static byte[] key(int row) {
    return Keys.of("ring", row);
  }

  private static int next(KvTransaction transaction, int row, boolean forUpdate) {
    return Keys.number(forUpdate ? transaction.getForUpdate(key(row)) : transaction.get(key(row)));
  }

  @Override
  public void prepare(KvStore store) {
    store.run(transaction -> {
      if (transaction.get(key(0)) == null) {
        for (int row = 0; row < ROWS; row++) {
          transaction.put(key(row), Keys.value((row + 1) % ROWS));
        }
      }
      return null;
    });
  }

  @Override
  public void step(KvStore store, int process, Random random) {
    if (random.nextInt(4) > 0) {
      rewire(store, process, random);
    } else {
      walk(store, process, random.nextBoolean());
    }
  }

  private void rewire(KvStore store, int process, Random random) {
    boolean forUpdate = random.nextBoolean();
    HistoryRecorder.Recording recording = recorder.begin(process);
    Attempt.run(store, recording, false, random.nextInt(20) == 0, transaction -> {
      int first = random.nextInt(ROWS);
      int second = next(transaction, first, forUpdate);
      int third = next(transaction, second, forUpdate);
      Attempt.letOthersGo(random);
      int fourth = next(transaction, third, forUpdate);
      transaction.put(key(first), Keys.value(third));
      transaction.put(key(third), Keys.value(second));
      transaction.put(key(second), Keys.value(fourth));
      receipts.write(transaction, recording, first);
    });
  }

  private void walk(KvStore store, int process, boolean readOnly) {
    int[] length = new int[1];
    Outcome outcome = Attempt.run(store, recorder.begin(process), readOnly, false, transaction -> length[0] = length(transaction));
    if (outcome == Outcome.COMMITTED) {
      requireWhole(length[0]);
    }
  }

  /** How many rows there are from the first to itself, but no more than there can be. */
  private static int length(KvTransaction transaction) {
    int steps = 1;
    for (int row = next(transaction, 0, false); row != 0 && steps <= ROWS; row = next(transaction, row, false)) {
      steps++;
    }
    return steps;
  }

  private static void requireWhole(int length) {
    if (length != ROWS) {
      throw new AssertionError("the ring of " + ROWS + " rows is one of " + length);
    }
  }

  @Override
  public void readEverything(KvStore store) {
    HistoryRecorder.Recording recording = recorder.begin(READER);
    Attempt.run(store, recording, true, false, transaction -> {
      requireWhole(length(transaction));
      receipts.readAll(transaction, recording, receipt -> { });
    });
  }
}
