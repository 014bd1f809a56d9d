package org.treatydb.kv.enclave.lock;

/**
 * How many locks there may be. A lock takes about 150 bytes and its keys.
 *
 * @param escalationLocks a transaction that holds so many gets ranges instead, at least 2
 * @param locksMax how many all transactions together may hold; more are refused
 */
public record LockLimits(int escalationLocks, int locksMax) {

  public static final LockLimits DEFAULT = new LockLimits(10_000, 1_000_000);

  public LockLimits {
    if (escalationLocks < 2 || locksMax < 2) {
      throw new IllegalArgumentException("locks: escalation at " + escalationLocks + ", at most " + locksMax);
    }
  }
}
