package org.treatydb.kv.workload;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.Operation;

/** Single reads and blind writes of a few keys, under locks and from snapshots: each key must behave as one register. */
final class RegisterWorkload implements Workload {

  private static final int REGISTERS = 3;

  private final HistoryRecorder recorder;
  private final AtomicInteger values;

  RegisterWorkload(HistoryRecorder recorder, int valuesWritten) {
    this.recorder = recorder;
    this.values = new AtomicInteger(valuesWritten);
  }

  @Override
  public void step(KvStore store, int process, Random random) {
    int register = random.nextInt(REGISTERS);
    if (random.nextInt(3) > 0) {
      read(store, process, register, random.nextInt(3));
      return;
    }
    int value = values.incrementAndGet();
    HistoryRecorder.Recording recording = recorder.begin(process);
    Attempt.run(store, recording, false, random.nextInt(20) == 0, transaction -> {
      recording.add(new Operation.Append(register, value));
      transaction.put(key(register), Keys.value(value));
    });
  }

  private static byte[] key(int register) {
    return Keys.of("register", register);
  }

  private void read(KvStore store, int process, int register, int way) {
    HistoryRecorder.Recording recording = recorder.begin(process);
    Attempt.run(store, recording, way == 0, false, transaction -> {
      byte[] value = way == 1 ? transaction.getForUpdate(key(register)) : transaction.get(key(register));
      recording.add(value == null ? new Operation.Read(register) : new Operation.Read(register, Keys.number(value)));
    });
  }

  @Override
  public void readEverything(KvStore store) {
    for (int register = 0; register < REGISTERS; register++) {
      read(store, READER, register, 0);
    }
  }
}
