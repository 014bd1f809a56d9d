package org.treatydb.kv.workload;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.Operation;

/** Each transaction that changes something leaves one, by which the history knows it. Thread-safe. */
final class Receipts {

  private static final int RECEIPTS_PER_SET = 16;

  private final String word;
  private final AtomicInteger last;

  /**
   * Those of one workload.
   *
   * @param word of their keys
   * @param written the largest number there is
   */
  Receipts(String word, int written) {
    this.word = word;
    this.last = new AtomicInteger(written);
  }

  /** Writes the next one. */
  void write(KvTransaction transaction, HistoryRecorder.Recording recording, int... what) {
    int number = last.incrementAndGet();
    recording.add(new Operation.Append(number / RECEIPTS_PER_SET, number));
    transaction.put(Keys.of(word, number), Keys.value(what));
  }

  /** Reads all, and tells what each says. */
  void readAll(KvTransaction transaction, HistoryRecorder.Recording recording, Consumer<byte[]> each) {
    ScannedSets found = new ScannedSets(0, last.get() / RECEIPTS_PER_SET + 1);
    try (KvCursor rows = transaction.scan(KeyRange.prefix(Keys.of(word)))) {
      while (rows.next()) {
        int number = Keys.lastNumber(rows.key());
        found.add(number / RECEIPTS_PER_SET, number);
        each.accept(rows.value());
      }
    }
    found.record(recording);
  }
}
