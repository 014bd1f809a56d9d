package org.treatydb.kv.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Collects a history while it happens. Its clock counts beginnings and ends of transactions, which orders them as real time does.
 * Thread-safe; each {@link Recording} belongs to one thread.
 */
public final class HistoryRecorder {

  private final AtomicLong moment = new AtomicLong();
  private final Queue<RecordedTransaction> ended = new ConcurrentLinkedQueue<>();

  /** Call it before the transaction begins. */
  public Recording begin(int process) {
    return new Recording(process, moment.incrementAndGet());
  }

  /** What has ended so far, by beginning. */
  public History history() {
    List<RecordedTransaction> all = new ArrayList<>(ended);
    all.sort(Comparator.comparingLong(RecordedTransaction::invoked));
    return new History(all);
  }

  /** One transaction. */
  public final class Recording {

    private final int process;
    private final long invoked;
    private final List<Operation> operations = new ArrayList<>();

    private Recording(int process, long invoked) {
      this.process = process;
      this.invoked = invoked;
    }

    public void add(Operation operation) {
      operations.add(operation);
    }

    /** Call it after the commit has returned, the rollback is done, or the error is there. */
    public void end(Outcome outcome) {
      ended.add(new RecordedTransaction(process, invoked, moment.incrementAndGet(), outcome, operations));
    }
  }
}
