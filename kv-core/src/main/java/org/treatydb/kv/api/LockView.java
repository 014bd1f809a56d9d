package org.treatydb.kv.api;

import java.util.List;
import java.util.Set;

/**
 * Who holds locks and who waits for them, at one moment; for operators and tests. Immutable. Ranges are of keys in plaintext: show them to
 * those who may read the data, and write them to no log.
 *
 * @param holders by age, the oldest first
 * @param waiters in the order in which they came
 */
public record LockView(List<Holder> holders, List<Waiter> waiters) {

  /**
   * A transaction that holds locks.
   *
   * @param keys how many single keys it has locked
   * @param ranges how many ranges it has locked; those that overlap or touch count as one
   * @param heldNanos how long it has had the first of its locks
   */
  public record Holder(TransactionId transaction, int keys, int ranges, long heldNanos) {}

  /**
   * A transaction that waits for a lock.
   *
   * @param range the keys it wants to lock; one key is a range of one
   * @param exclusive whether it wants them for itself alone
   * @param blockers whom it waits for: those who hold conflicting locks, and those who came earlier and wait for conflicting ones
   *     (of those who wait for the same key, only the nearest, if that waits for the rest)
   * @param waitedNanos how long it has waited
   */
  public record Waiter(TransactionId transaction, KeyRange range, boolean exclusive, Set<TransactionId> blockers, long waitedNanos) {}
}
