package org.treatydb.kv.workload;

import java.util.Random;
import java.util.function.Consumer;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.history.History;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.RegisterHistory;
import org.treatydb.kv.history.StrictSerializability;

/** Random transactions that leave traces, and a history. Thread-safe. */
public interface Workload {

  /** The process that reads everything in the end. */
  int READER = -1;

  /** The workloads there are. */
  enum Kind {
    LISTS((recorder, written) -> new ListWorkload(new ListInValue(), recorder, written), Kind::checkTransactions),
    LISTS_IN_RANGES((recorder, written) -> new ListWorkload(new ListInRange(), recorder, written), Kind::checkTransactions),
    SETS(SetWorkload::new, Kind::checkTransactions),
    REGISTERS(RegisterWorkload::new, RegisterHistory::check),
    BANK(BankWorkload::new, Kind::checkTransactions),
    UNIQUE_NAMES(UniqueNamesWorkload::new, Kind::checkTransactions),
    RING(RingWorkload::new, Kind::checkTransactions),
    SCHEMA_CHANGES(SchemaWorkload::new, Kind::checkTransactions);

    private interface Maker {
      Workload create(HistoryRecorder recorder, int valuesWritten);
    }

    private final Maker maker;
    private final Consumer<History> checker;

    Kind(Maker maker, Consumer<History> checker) {
      this.maker = maker;
      this.checker = checker;
    }

    private static void checkTransactions(History history) {
      StrictSerializability.check(history).assertValid();
    }

    /**
     * A workload of this kind.
     *
     * @param valuesWritten the largest value in the history so far, if this goes on with a store that has one
     */
    public Workload create(HistoryRecorder recorder, int valuesWritten) {
      return maker.create(recorder, valuesWritten);
    }

    /**
     * Checks what workloads of this kind did and saw, from the store's beginning on.
     *
     * @throws AssertionError if no strictly serializable store could have given that
     */
    public void check(History history) {
      checker.accept(history);
    }
  }

  /** Puts in place what the transactions need; once for each opening of the store. */
  default void prepare(KvStore store) {}

  /**
   * Runs one transaction, which may fail in the ways the API allows.
   *
   * @throws KvException.Unavailable if the store has failed
   * @throws AssertionError if what it saw cannot be
   */
  void step(KvStore store, int process, Random random);

  /**
   * Reads all that there is, so that nothing can be missing unnoticed.
   *
   * @param store the store, where nobody writes any more
   * @throws AssertionError if what is there cannot be
   */
  void readEverything(KvStore store);
}
