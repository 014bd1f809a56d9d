package org.treatydb.kv.workload;

import java.util.Random;
import java.util.function.Supplier;
import org.treatydb.kv.api.KvStore;

/** One run of random transactions that leave traces. Thread-safe. */
public interface Workload {

  /** The workloads there are. */
  enum Kind {
    LISTS(() -> new ListWorkload(new ListInValue())),
    LISTS_IN_RANGES(() -> new ListWorkload(new ListInRange())),
    SETS(SetWorkload::new),
    REGISTERS(RegisterWorkload::new),
    BANK(BankWorkload::new),
    UNIQUE_NAMES(UniqueNamesWorkload::new);

    private final Supplier<Workload> maker;

    Kind(Supplier<Workload> maker) {
      this.maker = maker;
    }

    public Workload create() {
      return maker.get();
    }
  }

  /** Puts in place what the transactions need; once for each opening of the store. */
  default void prepare(KvStore store) {}

  /** Runs one transaction, which may fail in the ways the API allows. */
  void step(KvStore store, int process, Random random);

  /**
   * Checks everything that was seen.
   *
   * @param store the store, where nobody writes any more
   * @throws AssertionError if no strictly serializable store could have given that
   */
  void check(KvStore store);
}
