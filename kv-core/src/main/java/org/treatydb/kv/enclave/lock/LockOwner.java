package org.treatydb.kv.enclave.lock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.TransactionId;

/**
 * A transaction as the lock table knows it. Its fields belong to the table and are read and written under the table's
 * lock only.
 *
 * <p>{@code age}: smaller is older; of the transactions in a deadlock the youngest gives way.
 */
public final class LockOwner {

  final TransactionId transaction;
  final long age;
  /** When it got its first lock, by the table's clock. */
  long sinceNanos;

  final List<KeyLock> keys = new ArrayList<>();
  LockRequest waiting;
  /** Whether it must not wait. */
  boolean cancelled;
  /** How many locks it had after the last escalation; 0 if there was none. */
  int locksLeftByEscalation;

  private final Ranges shared = new Ranges();
  private final Ranges exclusive = new Ranges();

  public LockOwner(TransactionId transaction, long age) {
    this.transaction = transaction;
    this.age = age;
  }

  /** The ranges it has locked in one mode, by start; none overlaps or touches another. */
  static final class Ranges {

    final TreeMap<byte[], IntervalTree.Interval<LockOwner>> byStart = new TreeMap<>(Arrays::compareUnsigned);

    /** Whether one of them covers every key from {@code start} to {@code end}, which is excluded; null: endless. */
    private boolean cover(byte[] start, byte[] end) {
      var below = byStart.floorEntry(start);
      return below != null && reaches(below.getValue().range.end(), end);
    }

    private static boolean reaches(byte[] outer, byte[] end) {
      return outer == null || end != null && Arrays.compareUnsigned(end, outer) <= 0;
    }

    private boolean contain(byte[] key) {
      var below = byStart.floorEntry(key);
      return below != null && below.getValue().range.contains(key);
    }
  }

  Ranges ranges(LockMode mode) {
    return mode == LockMode.SHARED ? shared : exclusive;
  }

  int rangeCount() {
    return shared.byStart.size() + exclusive.byStart.size();
  }

  void clear() {
    keys.clear();
    shared.byStart.clear();
    exclusive.byStart.clear();
    locksLeftByEscalation = 0;
  }

  int lockCount() {
    return keys.size() + rangeCount();
  }

  boolean holdsNothing() {
    return lockCount() == 0;
  }

  /** Whether one of its range locks covers {@code key} in that mode or a stronger one. */
  boolean coversKey(byte[] key, LockMode mode) {
    return exclusive.contain(key) || mode == LockMode.SHARED && shared.contain(key);
  }

  /** Whether one of its range locks covers all of {@code range} in that mode or a stronger one. */
  boolean coversRange(KeyRange range, LockMode mode) {
    return exclusive.cover(range.start(), range.end()) || mode == LockMode.SHARED && shared.cover(range.start(), range.end());
  }
}
