package org.treatydb.kv.enclave.lock;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.lock.LockOwner.RangeLock;

/**
 * Shared and exclusive locks on keys and key ranges, held until {@link #releaseAll}. A lock on a range conflicts with
 * locks on every key in it, present or not: a range that was scanned can get no phantom.
 *
 * <p>Requests that conflict wait in one queue in order of arrival; a request also waits behind an earlier one that it
 * conflicts with, so nobody starves. A cycle of waiting owners is found when it closes: either one of them need not wait
 * behind another's mere request and overtakes it, or all wait for locks that are held, and the youngest is refused with
 * DEADLOCK.
 *
 * <p>That looking for cycles when a request begins to wait suffices: an owner that waits acquires nothing, so whom two
 * waiting requests wait for among each other is settled when the later of them arrives. Whoever is granted a lock comes
 * to block others while it does not wait itself, and is looked at when it does.
 *
 * <p>Thread-safe; waiting parks the calling (virtual) thread. One owner makes one request at a time.
 */
public final class LockTable {

  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<byte[], KeyLock> keys = new TreeMap<>(Arrays::compareUnsigned);
  private final Set<RangeLock> ranges = new LinkedHashSet<>();
  private final WaitQueue queue = new WaitQueue();
  private boolean closed;

  /**
   * Locks one key.
   *
   * @throws KvException.Retryable with DEADLOCK or LOCK_TIMEOUT; the owner keeps the locks it had
   */
  public void lockKey(LockOwner owner, byte[] key, LockMode mode, long timeoutNanos) {
    lock(owner, KeyRange.point(key), key, mode, timeoutNanos);
  }

  /** Locks every key in {@code range}, present or not. Errors as {@link #lockKey}. */
  public void lockRange(LockOwner owner, KeyRange range, LockMode mode, long timeoutNanos) {
    if (!range.isEmpty()) {
      lock(owner, range, null, mode, timeoutNanos);
    }
  }

  private void lock(LockOwner owner, KeyRange range, byte[] key, LockMode mode, long timeoutNanos) {
    lock.lock();
    try {
      if (closed) {
        throw new KvException.Closed(ErrorCode.STORE_CLOSED, "the store is closed");
      }
      if (isHeld(owner, range, key, mode)) {
        return;
      }
      boolean upgrade = key != null && keys.get(key) instanceof KeyLock held && held.isHeldBy(owner);
      LockRequest request = new LockRequest(owner, range, key, mode, upgrade, lock.newCondition());
      if (blockers(request).isEmpty()) {
        grant(request);
      } else {
        await(request, timeoutNanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private void await(LockRequest request, long timeoutNanos) {
    queue.add(request);
    request.owner.waiting = request;
    try {
      breakCycles(request.owner);
      long left = timeoutNanos;
      while (!request.granted && request.refused == null) {
        if (left <= 0) {
          request.refused = ErrorCode.LOCK_TIMEOUT;
        } else {
          left = request.decided.awaitNanos(left);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      request.refused = ErrorCode.LOCK_TIMEOUT;
    } finally {
      request.owner.waiting = null;
      if (!request.granted) {
        queue.remove(request);
        grantWaiting(request.range);
      }
    }
    if (!request.granted) {
      throw refusal(request.refused);
    }
  }

  private static KvException refusal(ErrorCode code) {
    return switch (code) {
      case DEADLOCK -> new KvException.Retryable(code, "the transaction was chosen to end a deadlock; run it again");
      case STORE_CLOSED -> new KvException.Closed(code, "the store is closed");
      default -> new KvException.Retryable(code, "a lock was not free in time; run the transaction again");
    };
  }

  /** Releases every lock of the owner and wakes those who can go on. */
  public void releaseAll(LockOwner owner) {
    lock.lock();
    try {
      for (byte[] key : owner.keys) {
        KeyLock held = keys.get(key);
        held.owners.remove(owner);
        if (held.owners.isEmpty()) {
          keys.remove(key);
        }
      }
      owner.ranges.forEach(ranges::remove);
      owner.keys.forEach(key -> grantWaiting(KeyRange.point(key)));
      owner.ranges.forEach(range -> grantWaiting(range.range()));
      owner.keys.clear();
      owner.ranges.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Refuses everybody who waits, now and from now on. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      queue.all().forEach(request -> refuse(request, ErrorCode.STORE_CLOSED));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Who holds and waits now. Walks over all locks with the table shut.
   *
   * @param names gives the transaction of an age
   */
  public LockView view(LongFunction<TransactionId> names) {
    lock.lock();
    try {
      Set<LockOwner> owners = new TreeSet<>(Comparator.comparingLong((LockOwner owner) -> owner.age));
      keys.values().forEach(key -> owners.addAll(key.owners));
      ranges.forEach(range -> owners.add(range.owner()));
      List<LockView.Holder> holders = owners.stream()
          .map(owner -> new LockView.Holder(names.apply(owner.age), owner.keys.size(), owner.ranges.size())).toList();
      List<LockView.Waiter> waiters = queue.all().stream().map(request -> new LockView.Waiter(
          names.apply(request.owner.age), request.range, request.mode == LockMode.EXCLUSIVE,
          blockers(request).stream().map(owner -> names.apply(owner.age)).collect(Collectors.toUnmodifiableSet()))).toList();
      return new LockView(holders, waiters);
    } finally {
      lock.unlock();
    }
  }

  private boolean isHeld(LockOwner owner, KeyRange range, byte[] key, LockMode mode) {
    if (key != null && keys.get(key) instanceof KeyLock held && held.mode.covers(mode) && held.isHeldBy(owner)) {
      return true;
    }
    for (RangeLock each : owner.ranges) {
      if (each.mode().covers(mode) && covers(each.range(), range)) {
        return true;
      }
    }
    return false;
  }

  private static boolean covers(KeyRange outer, KeyRange inner) {
    return Arrays.compareUnsigned(outer.start(), inner.start()) <= 0
        && (outer.end() == null || inner.end() != null && Arrays.compareUnsigned(inner.end(), outer.end()) <= 0);
  }

  private void grant(LockRequest request) {
    request.granted = true;
    LockOwner owner = request.owner;
    if (request.key == null) {
      RangeLock range = new RangeLock(owner, request.range, request.mode);
      if (ranges.add(range)) {
        owner.ranges.add(range);
      }
      return;
    }
    KeyLock key = keys.computeIfAbsent(request.key, k -> new KeyLock());
    key.mode = key.owners.isEmpty() || request.mode == LockMode.EXCLUSIVE ? request.mode : key.mode;
    if (!key.isHeldBy(owner)) {
      key.owners.add(owner);
      owner.keys.add(request.key);
    }
  }

  /** Grants what can be granted after something in {@code range} has become free. */
  private void grantWaiting(KeyRange range) {
    for (LockRequest request : queue.candidates(range)) {
      if (blockers(request).isEmpty()) {
        queue.remove(request);
        request.owner.waiting = null;
        grant(request);
        request.decided.signal();
      }
    }
  }

  /**
   * Whom {@code request} has to wait for: holders of conflicting locks, and the owners of the requests ahead of it. Who
   * waits behind one of these and so, by way of it, for others, is given the nearest of them.
   */
  private Set<LockOwner> blockers(LockRequest request) {
    Set<LockOwner> found = new HashSet<>();
    addHolders(request, found);
    if (!request.upgrade) {
      queue.ahead(request).forEach(each -> found.add(each.owner));
    }
    return found;
  }

  private void addHolders(LockRequest request, Set<LockOwner> found) {
    if (request.key != null) {
      addKeyHolders(request, keys.get(request.key), found);
    } else {
      boolean endless = request.range.end() == null;
      var inside = endless ? keys.tailMap(request.range.start(), true)
          : keys.subMap(request.range.start(), true, request.range.end(), false);
      inside.values().forEach(key -> addKeyHolders(request, key, found));
    }
    for (RangeLock each : ranges) {
      if (each.owner() != request.owner && each.mode().conflictsWith(request.mode) && each.range().overlaps(request.range)) {
        found.add(each.owner());
      }
    }
  }

  private static void addKeyHolders(LockRequest request, KeyLock key, Set<LockOwner> found) {
    if (key != null && key.mode.conflictsWith(request.mode)) {
      for (LockOwner holder : key.owners) {
        if (holder != request.owner) {
          found.add(holder);
        }
      }
    }
  }

  /** Breaks every cycle that goes through {@code start}, which has just begun to wait. */
  private void breakCycles(LockOwner start) {
    if (start.keys.isEmpty() && start.ranges.isEmpty()) {
      return;
    }
    Set<LockRequest> overtakers = new LinkedHashSet<>();
    List<LockOwner> cycle = findCycle(start);
    while (!cycle.isEmpty()) {
      LockRequest overtaker = overtake(cycle);
      if (overtaker != null) {
        overtakers.add(overtaker);
      } else {
        LockOwner youngest = Collections.max(cycle, Comparator.comparingLong(owner -> owner.age));
        refuse(youngest.waiting, ErrorCode.DEADLOCK);
      }
      cycle = findCycle(start);
    }
    overtakers.forEach(request -> grantWaiting(request.range));
  }

  /** Lets one request in the cycle pass another that holds it back by being earlier only, and gives it; null if there is none. */
  private LockRequest overtake(List<LockOwner> cycle) {
    for (int i = 0; i < cycle.size(); i++) {
      LockRequest request = cycle.get(i).waiting;
      LockOwner next = cycle.get((i + 1) % cycle.size());
      Set<LockOwner> holders = new HashSet<>();
      addHolders(request, holders);
      if (!holders.contains(next)) {
        request.overtaken.add(next.waiting);
        return request;
      }
    }
    return null;
  }

  /** A shortest cycle through {@code start}, each of whom waits for the next and the last for {@code start}; empty if none. */
  private List<LockOwner> findCycle(LockOwner start) {
    Map<LockOwner, LockOwner> reachedFrom = new HashMap<>();
    ArrayDeque<LockOwner> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      LockOwner from = open.poll();
      if (from.waiting == null || from.waiting.refused != null) {
        continue;
      }
      for (LockOwner next : blockers(from.waiting)) {
        if (next == start) {
          LinkedList<LockOwner> cycle = new LinkedList<>(List.of(from));
          while (cycle.getFirst() != start) {
            cycle.addFirst(reachedFrom.get(cycle.getFirst()));
          }
          return cycle;
        }
        if (reachedFrom.putIfAbsent(next, from) == null) {
          open.add(next);
        }
      }
    }
    return List.of();
  }

  private static void refuse(LockRequest request, ErrorCode code) {
    if (!request.granted && request.refused == null) {
      request.refused = code;
      request.decided.signal();
    }
  }
}
