package org.treatydb.kv.enclave.txn;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;

/**
 * One node's store as a coordinator sees it: a participant in distributed transactions. Thread-safe.
 *
 * <p>Timestamps are of a hybrid logical clock. The store's clock never draws a timestamp at or below one it was told of with
 * {@link #mergeClock} or has read at, in this boot or an earlier one.
 */
public interface ParticipantStore extends KvStore {

  /** The epoch of this boot. */
  long bootEpoch();

  /** The clock's newest timestamp: at or above those of all that has been logged here so far. No later boot draws one at or below it. */
  long clock();

  /**
   * Sees to it that every timestamp drawn from now on is above {@code timestamp}. Waits for nothing, unless the clock jumps ahead by
   * seconds: then until the WAL says so.
   */
  void mergeClock(long timestamp);

  /**
   * Begins this node's part of a pessimistic transaction.
   *
   * @throws org.treatydb.kv.api.KvException.InvalidRequest if there is such a branch
   */
  Branch beginBranch(TransactionId id, TransactionOptions options);

  /**
   * Begins this node's part of a transaction that reads at {@code timestamp}: read-only or optimistic. Waits until everything that
   * will ever be committed here at or below that timestamp is visible.
   *
   * @throws org.treatydb.kv.api.KvException.Retryable if prepared transactions below the timestamp are not decided in time, or
   *     versions that it would have to read are gone
   */
  Branch beginBranch(TransactionId id, TransactionOptions options, long timestamp);

  /**
   * Commits a prepared transaction at {@code timestamp}: when this returns, that is stable and visible. No effect if it is not
   * prepared here (any more): then it has been committed.
   */
  void commitPrepared(TransactionId id, long timestamp);

  /** Undoes a prepared transaction. No effect if it is not prepared here. */
  void abortPrepared(TransactionId id);

  /**
   * Does {@code work} while nobody has locked anything in {@code range}, not even a prepared transaction, and nobody gets a lock there.
   * All that is committed in it is stable and visible.
   *
   * @throws org.treatydb.kv.api.KvException.Retryable if those who hold locks do not end in time, or would wait for this in a circle
   */
  <T> T alone(KeyRange range, Duration lockTimeout, Supplier<T> work);

  /**
   * The transactions that wait for a lock here, and those they wait for.
   *
   * @param nanosMin so long at least
   */
  Map<TransactionId, Set<TransactionId>> waits(long nanosMin);

  /** Ends that transaction's wait for a lock here, if there is one, with DEADLOCK. */
  void refuseWait(TransactionId id);

  /** The transactions that are prepared and not decided here, the oldest first. */
  List<TransactionId> inDoubt();
}
