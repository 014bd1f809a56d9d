package org.treatydb.kv.enclave.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Who holds one key, one owner exclusively or any number shared, and who waits for it, in order of arrival. Guarded by the table's lock.
 */
final class KeyLock {

  final byte[] key;
  private LockMode mode;
  private final List<LockOwner> owners = new ArrayList<>(1);
  private List<LockRequest> waiting = List.of();

  KeyLock(byte[] key) {
    this.key = key;
  }

  boolean isUnused() {
    return owners.isEmpty() && waiting.isEmpty();
  }

  boolean isHeldBy(LockOwner owner) {
    return owners.contains(owner);
  }

  /** How the owners hold it. */
  LockMode mode() {
    return mode;
  }

  List<LockOwner> owners() {
    return owners;
  }

  List<LockRequest> waiting() {
    return waiting;
  }

  /** Gives it to {@code owner}, too; false if that one had it already, and now has it in at least this mode. */
  boolean grant(LockOwner owner, LockMode wanted) {
    mode = owners.isEmpty() || wanted == LockMode.EXCLUSIVE ? wanted : mode;
    return !isHeldBy(owner) && owners.add(owner);
  }

  void release(LockOwner owner) {
    owners.remove(owner);
  }

  void enqueue(LockRequest request) {
    if (waiting.isEmpty()) {
      waiting = new ArrayList<>(2);
    }
    waiting.add(request);
  }

  void dequeue(LockRequest request) {
    waiting.remove(request);
  }

  /** Whether {@code test} holds for an owner other than {@code asking} who hinders a lock in mode {@code wanted}. */
  boolean anyHolder(LockOwner asking, LockMode wanted, Predicate<? super LockOwner> test) {
    if (!owners.isEmpty() && mode.conflictsWith(wanted)) {
      for (LockOwner owner : owners) {
        if (owner != asking && test.test(owner)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Adds those that may be granted after the key has become free: no exclusive one is before them that they would wait behind. */
  void addCandidates(Collection<LockRequest> candidates) {
    boolean behindExclusive = false;
    for (LockRequest request : waiting) {
      if (!behindExclusive || request.passesOthers()) {
        candidates.add(request);
        behindExclusive |= request.mode == LockMode.EXCLUSIVE;
      }
    }
  }
}
