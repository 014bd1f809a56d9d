package org.treatydb.kv.workload;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.Outcome;

/**
 * A table whose schema changes while others work with it: a change writes the schema's next version and every row anew, as of that version.
 * Whoever reads the schema and then rows, one or all, must find them to be of the version that he has read. A row counts its changes, which
 * the receipts must explain in the end.
 */
final class SchemaWorkload implements Workload {

  private static final int ROWS = 8;
  private static final byte[] SCHEMA = Keys.of("schema");

  private final HistoryRecorder recorder;
  private final Receipts receipts;

  SchemaWorkload(HistoryRecorder recorder, int receiptsWritten) {
    this.recorder = recorder;
    this.receipts = new Receipts("changed", receiptsWritten);
  }

  private static byte[] key(int row) {
    return Keys.of("table", row);
  }

  private static int version(KvTransaction transaction) {
    return Keys.number(transaction.get(SCHEMA));
  }

  @Override
  public void prepare(KvStore store) {
    store.run(transaction -> {
      if (transaction.get(SCHEMA) == null) {
        transaction.put(SCHEMA, Keys.value(1));
        for (int row = 0; row < ROWS; row++) {
          transaction.put(key(row), Keys.value(1, 0));
        }
      }
      return null;
    });
  }

  @Override
  public void step(KvStore store, int process, Random random) {
    int which = random.nextInt(12);
    if (which == 0) {
      changeSchema(store, process, random);
    } else if (which < 8) {
      changeRow(store, process, random);
    } else {
      readRows(store, process, which < 10);
    }
  }

  private void changeSchema(KvStore store, int process, Random random) {
    Attempt.run(store, recorder.begin(process), false, random.nextInt(5) == 0, transaction -> {
      int next = Keys.number(transaction.getForUpdate(SCHEMA)) + 1;
      transaction.put(SCHEMA, Keys.value(next));
      Attempt.letOthersGo(random);
      Map<byte[], Integer> changes = new LinkedHashMap<>();
      try (KvCursor rows = transaction.scan(KeyRange.prefix(Keys.of("table")), ScanOptions.FORWARD.withForUpdate())) {
        while (rows.next()) {
          changes.put(rows.key(), Keys.number(rows.value(), 1));
        }
      }
      changes.forEach((row, count) -> transaction.put(row, Keys.value(next, count)));
    });
  }

  private void changeRow(KvStore store, int process, Random random) {
    int row = random.nextInt(ROWS);
    AtomicInteger odd = new AtomicInteger();
    HistoryRecorder.Recording recording = recorder.begin(process);
    Outcome outcome = Attempt.run(store, recording, false, random.nextInt(20) == 0, transaction -> {
      int version = version(transaction);
      Attempt.letOthersGo(random);
      byte[] value = random.nextBoolean() ? transaction.getForUpdate(key(row)) : transaction.get(key(row));
      odd.set(version - Keys.number(value));
      transaction.put(key(row), Keys.value(version, Keys.number(value, 1) + 1));
      receipts.write(transaction, recording, row);
    });
    if (outcome == Outcome.COMMITTED && odd.get() != 0) {
      throw new AssertionError("a row was changed by way of another version of the schema than its own");
    }
  }

  private void readRows(KvStore store, int process, boolean readOnly) {
    AtomicInteger odd = new AtomicInteger();
    Outcome outcome = Attempt.run(store, recorder.begin(process), readOnly, false, transaction -> {
      int version = version(transaction);
      odd.set(Math.abs(countRows(transaction, version, new int[ROWS]) - ROWS));
    });
    if (outcome == Outcome.COMMITTED && odd.get() != 0) {
      throw new AssertionError(odd.get() + " of " + ROWS + " rows are not of the version of the schema that was read before them");
    }
  }

  /** How many rows are of that version; {@code changes} gets how often each was changed. */
  private static int countRows(KvTransaction transaction, int version, int[] changes) {
    int count = 0;
    try (KvCursor rows = transaction.scan(KeyRange.prefix(Keys.of("table")))) {
      while (rows.next()) {
        count += Keys.number(rows.value()) == version ? 1 : 0;
        changes[Keys.lastNumber(rows.key())] = Keys.number(rows.value(), 1);
      }
    }
    return count;
  }

  @Override
  public void readEverything(KvStore store) {
    HistoryRecorder.Recording recording = recorder.begin(READER);
    Attempt.run(store, recording, true, false, transaction -> {
      int[] changes = new int[ROWS];
      if (countRows(transaction, version(transaction), changes) != ROWS) {
        throw new AssertionError("rows are missing, or are of an older version of the schema");
      }
      receipts.readAll(transaction, recording, receipt -> changes[Keys.number(receipt)]--);
      for (int row = 0; row < ROWS; row++) {
        if (changes[row] != 0) {
          throw new AssertionError("row " + row + " has been changed " + changes[row] + " times more than the receipts say");
        }
      }
    });
  }
}
