package org.treatydb.kv.enclave.lock;

import java.util.HashSet;
import java.util.Set;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;

/** A request for a lock on one key or on a range. Guarded by the table's lock, but for {@link #isDecided} and {@link #refusal}. */
final class LockRequest {

  final LockOwner owner;
  final LockMode mode;
  /** The key, if the request is for one key; null for a range. */
  final KeyLock key;

  private final KeyRange range;
  /** Whether the owner holds a weaker lock on the same key already: such a request passes those that merely wait. */
  final boolean upgrade;

  /** Earlier requests that this one need not wait behind: it would close a cycle. */
  private Set<LockRequest> overtaken = Set.of();

  /** Who waits, from when to when (by the table's clock), and at which place; set when it begins to. */
  Thread thread;

  long sinceNanos;
  long deadlineNanos;
  long arrival = Long.MAX_VALUE;
  IntervalTree.Interval<LockRequest> place;

  private ErrorCode refusal;
  private volatile boolean decided;

  private LockRequest(LockOwner owner, LockMode mode, KeyLock key, KeyRange range) {
    this.owner = owner;
    this.mode = mode;
    this.key = key;
    this.range = range;
    this.upgrade = key != null && key.isHeldBy(owner);
  }

  static LockRequest forKey(LockOwner owner, LockMode mode, KeyLock key) {
    return new LockRequest(owner, mode, key, null);
  }

  static LockRequest forRange(LockOwner owner, LockMode mode, KeyRange range) {
    return new LockRequest(owner, mode, null, range);
  }

  /** The keys it is for. */
  KeyRange range() {
    return key == null ? range : KeyRange.point(key.key);
  }

  /** Whether {@code other}, which wants some of the same keys, came earlier and must be served first. */
  boolean waitsBehind(LockRequest other) {
    return other.arrival < arrival && owner != other.owner && mode.conflictsWith(other.mode) && !overtaken.contains(other);
  }

  void overtake(LockRequest other) {
    if (overtaken.isEmpty()) {
      overtaken = new HashSet<>();
    }
    overtaken.add(other);
  }

  /** Whether there may be earlier requests that it conflicts with and does not wait behind. */
  boolean passesOthers() {
    return upgrade || !overtaken.isEmpty();
  }

  /** {@code code}: why it is refused; null: it is granted. */
  void decide(ErrorCode code) {
    refusal = code;
    decided = true;
  }

  /** Whether it has been granted or refused. Thread-safe. */
  boolean isDecided() {
    return decided;
  }

  /** Why it was refused; null if it was granted. Thread-safe once it is decided. */
  ErrorCode refusal() {
    return refusal;
  }
}
