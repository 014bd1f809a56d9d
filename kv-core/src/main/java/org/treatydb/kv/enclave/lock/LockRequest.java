package org.treatydb.kv.enclave.lock;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;

/** A request that has to wait. Guarded by the table's lock. */
final class LockRequest {

  final LockOwner owner;
  final KeyRange range;
  /** The key, if the request is for one key; null for a range. */
  final byte[] key;

  final LockMode mode;
  /** Whether the owner holds a weaker lock on the same key already: such a request passes those that merely wait. */
  final boolean upgrade;

  /** Earlier requests that this one need not wait behind: it would close a cycle. */
  final Set<LockRequest> overtaken = new HashSet<>();

  final Condition decided;
  /** The place in the queue; behind everybody until it has one. */
  long arrival = Long.MAX_VALUE;
  boolean granted;
  ErrorCode refused;

  LockRequest(LockOwner owner, KeyRange range, byte[] key, LockMode mode, boolean upgrade, Condition decided) {
    this.owner = owner;
    this.range = range;
    this.key = key;
    this.mode = mode;
    this.upgrade = upgrade;
    this.decided = decided;
  }

  /** Whether {@code other} came earlier, still waits, and must be served first. */
  boolean waitsBehind(LockRequest other) {
    return other.arrival < arrival && other.refused == null && owner != other.owner && mode.conflictsWith(other.mode)
        && range.overlaps(other.range) && !overtaken.contains(other);
  }

  /** Whether there may be earlier requests that it conflicts with and does not wait behind. */
  boolean passesOthers() {
    return upgrade || !overtaken.isEmpty();
  }
}
