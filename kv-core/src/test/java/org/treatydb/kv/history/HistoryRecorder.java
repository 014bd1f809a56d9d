package org.treatydb.kv.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Collects a history while it happens, in memory and, if wanted, in a file that outlives the process. Its clock counts beginnings and ends
 * of transactions, which orders them as real time does. Thread-safe; each {@link Recording} belongs to one thread.
 */
public final class HistoryRecorder {

  private final Journal journal;
  private final AtomicLong moment = new AtomicLong();
  private final Queue<RecordedTransaction> ended = new ConcurrentLinkedQueue<>();
  private final Map<Integer, Recording> open = new ConcurrentHashMap<>();

  /** Is told what happens, when it happens. */
  interface Journal {

    Journal NONE = new Journal() {
      @Override
      public void begins(int process) {
        // Nobody needs to know.
      }

      @Override
      public void commits(int process, List<Operation> operations) {
        // Nobody needs to know.
      }

      @Override
      public void ended(int process, Outcome outcome) {
        // Nobody needs to know.
      }
    };

    void begins(int process);

    void commits(int process, List<Operation> operations);

    void ended(int process, Outcome outcome);
  }

  /** In memory only. */
  public HistoryRecorder() {
    this(Journal.NONE);
  }

  /** Into {@code file}, too; a process runs one transaction at a time. */
  public HistoryRecorder(HistoryFile file) {
    this((Journal) file);
  }

  private HistoryRecorder(Journal journal) {
    this.journal = journal;
  }

  /** Call it before the transaction begins. */
  public Recording begin(int process) {
    journal.begins(process);
    Recording begun = new Recording(process, moment.incrementAndGet());
    open.put(process, begun);
    return begun;
  }

  /** The process is gone; the transaction that it was at, if any, may happen if it had been asked to commit. */
  public void lost(int process) {
    Recording last = open.remove(process);
    if (last != null) {
      last.end(last.commits ? Outcome.UNKNOWN : Outcome.ABORTED);
    }
  }

  /**
   * All transactions of unknown outcome have happened by now, or never will. Call it when the store that was asked to commit them has been
   * recovered, and before anyone uses it.
   */
  public void settle() {
    long now = moment.incrementAndGet();
    List<RecordedTransaction> all = new ArrayList<>(ended);
    ended.clear();
    all.forEach(each -> ended.add(each.settledAt(now)));
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
    private boolean commits;

    private Recording(int process, long invoked) {
      this.process = process;
      this.invoked = invoked;
    }

    public void add(Operation operation) {
      operations.add(operation);
    }

    /** Call it before the store is asked to commit: from then on the transaction may happen. */
    public void commits() {
      commits = true;
      journal.commits(process, operations);
    }

    /** Call it after the commit has returned, the rollback is done, or the error is there. */
    public void end(Outcome outcome) {
      open.remove(process, this);
      journal.ended(process, outcome);
      long now = moment.incrementAndGet();
      ended.add(new RecordedTransaction(
          process, invoked, outcome == Outcome.UNKNOWN ? RecordedTransaction.NEVER : now, outcome, operations));
    }
  }
}
