package org.treatydb.kv.api;

/**
 * How many locks a store's transactions may hold. A lock takes about 150 bytes of memory and its keys. Immutable.
 *
 * @param escalationLocks a transaction that holds so many gets locks on ranges instead, which cover what lies between its keys, too; at
 *     least 2
 * @param locksMax how many all transactions together may hold, at least 2; more are refused with {@link ErrorCode#OUT_OF_LOCK_MEMORY}
 */
public record LockLimits(int escalationLocks, int locksMax) {

  /** Ranges from 10,000 locks of one transaction on; 1,000,000 locks together. */
  public static final LockLimits DEFAULT = new LockLimits(10_000, 1_000_000);

  public LockLimits {
    if (escalationLocks < 2 || locksMax < 2) {
      throw new KvException.InvalidRequest(
          ErrorCode.INVALID_ARGUMENT, "at least 2 locks: escalation at " + escalationLocks + ", at most " + locksMax);
    }
  }
}
