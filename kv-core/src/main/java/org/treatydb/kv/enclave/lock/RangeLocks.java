package org.treatydb.kv.enclave.lock;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.treatydb.kv.api.KeyRange;

/** The ranges that are locked in one mode. Guarded by the table's lock. */
final class RangeLocks {

  private final LockMode mode;
  private final IntervalTree<LockOwner> locks = new IntervalTree<>();

  RangeLocks(LockMode mode) {
    this.mode = mode;
  }

  /**
   * Locks {@code range} for {@code owner}, in one with those of its ranges that it overlaps or touches: who locks a range chunk by chunk
   * holds one lock.
   *
   * @return how many more locks there are; negative, if it closed gaps
   */
  int add(LockOwner owner, KeyRange range) {
    var own = owner.ranges(mode).byStart;
    int before = own.size();
    byte[] start = range.start();
    byte[] end = range.end();
    var below = own.floorEntry(start);
    if (below != null && !isBelow(below.getValue().range.end(), start)) {
      start = below.getKey();
    }
    for (var next = own.ceilingEntry(start); next != null && !isBelow(end, next.getKey()); next = own.ceilingEntry(start)) {
      byte[] itsEnd = next.getValue().range.end();
      end = isBelow(end, itsEnd) || itsEnd == null ? itsEnd : end;
      locks.remove(own.remove(next.getKey()));
    }
    own.put(start, locks.add(new KeyRange(start, end), owner));
    return own.size() - before;
  }

  /** {@code end}: of a range, null if it is endless. */
  private static boolean isBelow(byte[] end, byte[] key) {
    return end != null && key != null && Arrays.compareUnsigned(end, key) < 0;
  }

  /** Gives how many it has removed. */
  int removeIf(LockOwner owner, Predicate<KeyRange> test) {
    var own = owner.ranges(mode).byStart;
    int before = own.size();
    own.values().removeIf(lock -> {
      boolean removed = test.test(lock.range);
      if (removed) {
        locks.remove(lock);
      }
      return removed;
    });
    return before - own.size();
  }

  void removeAll(LockOwner owner) {
    owner.ranges(mode).byStart.values().forEach(locks::remove);
  }

  void forEachOwner(Consumer<? super LockOwner> action) {
    locks.forEach(action);
  }

  /** Whether {@code test} holds for an owner other than {@code asking} of a lock on the request's keys. */
  boolean anyHolder(LockRequest request, Predicate<? super LockOwner> test) {
    if (locks.isEmpty()) {
      return false;
    }
    Predicate<LockOwner> others = owner -> owner != request.owner && test.test(owner);
    return request.key == null ? locks.anyIn(request.range(), others) : locks.anyAt(request.key.key, others);
  }
}
