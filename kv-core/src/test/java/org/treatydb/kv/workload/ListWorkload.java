package org.treatydb.kv.workload;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.Operation;

/** Reads of and appends to a few lists at a time; old lists go out of use before they get long. */
final class ListWorkload implements Workload {

  private static final int LISTS = 4;
  private static final int VALUES_PER_LIST = 12;

  private final ListLayout layout;
  private final HistoryRecorder recorder;
  private final LongSnapshots snapshots;
  private final AtomicInteger values;

  ListWorkload(ListLayout layout, HistoryRecorder recorder, int valuesWritten) {
    this.layout = layout;
    this.recorder = recorder;
    this.snapshots = new LongSnapshots(recorder);
    this.values = new AtomicInteger(valuesWritten);
  }

  @Override
  public void step(KvStore store, int process, Random random) {
    int[] lists = {list(random), list(random)};
    snapshots.step(store, process, random, (transaction, recording) -> {
      for (int list : lists) {
        recording.add(new Operation.Read(list, layout.read(transaction, list, false)));
      }
    });
    boolean readOnly = random.nextInt(3) == 0;
    HistoryRecorder.Recording recording = recorder.begin(process);
    Attempt.run(store, recording, readOnly, random.nextInt(20) == 0, transaction -> {
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        Attempt.letOthersGo(random);
        if (readOnly || random.nextBoolean()) {
          int list = list(random);
          recording.add(new Operation.Read(list, layout.read(transaction, list, !readOnly && random.nextBoolean())));
        } else if (random.nextInt(8) == 0) {
          undoneAppend(transaction, random);
        } else {
          append(transaction, random, recording);
        }
      }
    });
  }

  private int list(Random random) {
    return values.get() / (LISTS * VALUES_PER_LIST) * LISTS + random.nextInt(LISTS);
  }

  private void append(KvTransaction transaction, Random random, HistoryRecorder.Recording recording) {
    int list = list(random);
    int value = values.incrementAndGet();
    recording.add(new Operation.Append(list, value));
    layout.append(transaction, list, value, random.nextBoolean());
  }

  /** Goes unrecorded: whoever reads it reads garbage. */
  private void undoneAppend(KvTransaction transaction, Random random) {
    KvTransaction.Savepoint before = transaction.savepoint();
    layout.append(transaction, list(random), values.incrementAndGet(), random.nextBoolean());
    transaction.rollbackTo(before);
  }

  @Override
  public void readEverything(KvStore store) {
    HistoryRecorder.Recording recording = recorder.begin(READER);
    Attempt.run(store, recording, true, false, transaction -> {
      for (int list = 0; list < values.get() / VALUES_PER_LIST + LISTS; list++) {
        recording.add(new Operation.Read(list, layout.read(transaction, list, false)));
      }
    });
  }
}
