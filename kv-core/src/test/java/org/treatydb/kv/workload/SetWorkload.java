package org.treatydb.kv.workload;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.Operation;

/**
 * Scans of ranges, and inserts into them of rows that nobody looked for before, at any place: phantoms, if ranges are not kept. A range is
 * a set; sets lie side by side, and some scans go over several.
 */
final class SetWorkload implements Workload {

  private static final int SETS = 4;
  private static final int VALUES_PER_SET = 12;

  private final HistoryRecorder recorder;
  private final LongSnapshots snapshots;
  private final AtomicInteger values;

  SetWorkload(HistoryRecorder recorder, int valuesWritten) {
    this.recorder = recorder;
    this.snapshots = new LongSnapshots(recorder);
    this.values = new AtomicInteger(valuesWritten);
  }

  @Override
  public void step(KvStore store, int process, Random random) {
    int first = set(random);
    snapshots.step(store, process, random, (transaction, recording) -> scan(transaction, recording, first, 2, ScanOptions.FORWARD));
    boolean readOnly = random.nextInt(3) == 0;
    HistoryRecorder.Recording recording = recorder.begin(process);
    Attempt.run(store, recording, readOnly, random.nextInt(20) == 0, transaction -> {
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        Attempt.letOthersGo(random);
        int set = set(random);
        if (readOnly || random.nextBoolean()) {
          boolean reverse = random.nextBoolean();
          scan(transaction, recording, set, 1 + random.nextInt(2), new ScanOptions(reverse, !readOnly && random.nextInt(4) == 0));
        } else if (random.nextInt(8) == 0) {
          KvTransaction.Savepoint before = transaction.savepoint();
          insert(transaction, set, values.incrementAndGet());
          transaction.rollbackTo(before);
        } else {
          int value = values.incrementAndGet();
          recording.add(new Operation.Append(set, value));
          insert(transaction, set, value);
        }
      }
    });
  }

  private int set(Random random) {
    return values.get() / (SETS * VALUES_PER_SET) * SETS + random.nextInt(SETS);
  }

  private static void insert(KvTransaction transaction, int set, int value) {
    transaction.put(Keys.of("set", set, Integer.reverse(value), value), Keys.value(value));
  }

  /** Scans {@code count} neighbouring sets at once. */
  private static void scan(KvTransaction transaction, HistoryRecorder.Recording recording, int set, int count, ScanOptions options) {
    ScannedSets found = new ScannedSets(set, count);
    try (KvCursor rows = transaction.scan(new KeyRange(Keys.of("set", set), Keys.of("set", set + count)), options)) {
      while (rows.next()) {
        int prefixed = Keys.lastNumber(Arrays.copyOf(rows.key(), Keys.of("set", set).length));
        found.add(prefixed, Keys.number(rows.value()));
      }
    }
    found.record(recording);
  }

  @Override
  public void readEverything(KvStore store) {
    HistoryRecorder.Recording recording = recorder.begin(READER);
    Attempt.run(store, recording, true, false, transaction -> {
      int sets = values.get() / VALUES_PER_SET + SETS;
      scan(transaction, recording, 0, sets, ScanOptions.FORWARD);
    });
  }
}
