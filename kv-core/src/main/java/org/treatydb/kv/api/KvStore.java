package org.treatydb.kv.api;

import java.util.List;
import java.util.function.Function;

/**
 * A secure, transactional store of byte keys and byte values, ordered by unsigned lexicographic key order.
 *
 * <p>Guarantees: transactions are strictly serializable; a commit that returned survives crashes, and no restart on
 * older files can take it back unnoticed; what is on disk is encrypted, authenticated and fresh. Not guaranteed:
 * availability (an attacker with the disk can stop the store, and it then fails with
 * {@link KvException.IntegrityViolation}), and secrecy of sizes and access patterns.
 *
 * <p>Thread-safe.
 */
public interface KvStore extends AutoCloseable {

  /** The longest key accepted, in bytes. */
  int KEY_BYTES_MAX = 4 * 1024;

  /** The longest value accepted, in bytes. */
  int VALUE_BYTES_MAX = 16 * 1024 * 1024;

  /**
   * Begins a transaction. The caller must end it with {@link KvTransaction#commit}, {@link KvTransaction#rollback} or
   * {@link KvTransaction#close}.
   *
   * @throws KvException.Closed if the store is closed
   * @throws KvException.IntegrityViolation if the store has fenced itself
   */
  KvTransaction begin(TransactionOptions options);

  /** Begins a read-write transaction with the default options. */
  default KvTransaction begin() {
    return begin(TransactionOptions.READ_WRITE);
  }

  /**
   * Runs {@code work} in a read-write transaction and commits it; runs it again, after a short pause, when it ends in a
   * {@link KvException.Retryable}. {@code work} may therefore run several times and must have no effect outside the
   * transaction.
   *
   * @throws KvException.Retryable the last one, when {@value Retry#ATTEMPTS_MAX} attempts have failed
   * @throws KvException.UnknownOutcome if a commit's outcome could not be learned; never retried
   */
  default <T> T run(Function<KvTransaction, T> work) {
    return run(TransactionOptions.READ_WRITE, work);
  }

  /**
   * As {@link #run(Function)}, in transactions with these options; an optimistic one that has been refused is run
   * {@linkplain TransactionOptions#forAttempt pessimistically} from then on.
   */
  default <T> T run(TransactionOptions options, Function<KvTransaction, T> work) {
    return Retry.run(this, options, work);
  }

  /** Who holds locks and who waits for them, now. Takes no locks and waits for none. */
  LockView locks();

  /** The transactions that are open now, the oldest first. */
  List<TransactionView> transactions();

  /**
   * Stops the store: waits for commits under way and flushes them. Transactions that are open are rolled back, and those
   * that come are refused, with {@link ErrorCode#STORE_CLOSING} or {@link ErrorCode#STORE_CLOSED}. Closing twice has no
   * effect.
   */
  @Override
  void close();
}
