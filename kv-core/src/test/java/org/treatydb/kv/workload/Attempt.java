package org.treatydb.kv.workload;

import java.util.Random;
import java.util.function.Consumer;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.Outcome;

/** One transaction, tried once. */
final class Attempt {

  private Attempt() {}

  /** Lets others go first, now and then, where transactions meet most: between one's reads and writes. */
  static void letOthersGo(Random random) {
    if (random.nextBoolean()) {
      Thread.yield();
    }
  }

  /** Passes on what no transaction should meet; not the refusals that the API allows, after which it was not committed. */
  static void passOnUnlessAllowed(KvException e) {
    if (!(e instanceof KvException.Retryable || e instanceof KvException.Closed)) {
      throw e;
    }
  }

  /**
   * Runs {@code work} and commits; or rolls back, if {@code giveUp}. Ends {@code recording}.
   *
   * @throws KvException.Unavailable if the store has failed, and the transaction was not committed
   */
  static Outcome run(
      KvStore store, HistoryRecorder.Recording recording, boolean readOnly, boolean giveUp, Consumer<KvTransaction> work) {
    Outcome outcome = Outcome.ABORTED;
    try {
      outcome = run(store, readOnly, giveUp, work.andThen(transaction -> {
        if (!giveUp) {
          recording.commits();
        }
      }));
    } finally {
      recording.end(outcome);
    }
    return outcome;
  }

  /** As {@link #run(KvStore, HistoryRecorder.Recording, boolean, boolean, Consumer)}, unrecorded. */
  static Outcome run(KvStore store, boolean readOnly, boolean giveUp, Consumer<KvTransaction> work) {
    try (KvTransaction transaction = store.begin(readOnly ? TransactionOptions.READ_ONLY : TransactionOptions.READ_WRITE)) {
      work.accept(transaction);
      if (giveUp) {
        transaction.rollback();
        return Outcome.ABORTED;
      }
      transaction.commit();
      return Outcome.COMMITTED;
    } catch (KvException.UnknownOutcome e) {
      return Outcome.UNKNOWN;
    } catch (KvException e) {
      passOnUnlessAllowed(e);
      return Outcome.ABORTED;
    }
  }
}
