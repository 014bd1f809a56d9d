package org.treatydb.kv.enclave.lock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
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
  private final ArrayDeque<LockRequest> queue = new ArrayDeque<>();
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
      if (blockers(request, queue).isEmpty()) {
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
        grantWaiting();
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
      owner.keys.clear();
      owner.ranges.clear();
      grantWaiting();
    } finally {
      lock.unlock();
    }
  }

  /** Refuses everybody who waits, now and from now on. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      queue.forEach(request -> refuse(request, ErrorCode.STORE_CLOSED));
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
      List<LockView.Waiter> waiters = queue.stream().filter(request -> request.refused == null).map(request -> new LockView.Waiter(
          names.apply(request.owner.age), request.range, request.mode == LockMode.EXCLUSIVE,
          blockers(request, queue).stream().map(owner -> names.apply(owner.age)).collect(Collectors.toUnmodifiableSet()))).toList();
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

  private void grantWaiting() {
    List<LockRequest> earlier = new ArrayList<>();
    for (Iterator<LockRequest> each = queue.iterator(); each.hasNext(); ) {
      LockRequest request = each.next();
      if (request.refused == null && blockers(request, earlier).isEmpty()) {
        each.remove();
        request.owner.waiting = null;
        grant(request);
        request.decided.signal();
      } else {
        earlier.add(request);
      }
    }
  }

  /**
   * Whom {@code request} has to wait for: holders of conflicting locks, and the owners of conflicting {@code earlier}
   * requests.
   */
  private Set<LockOwner> blockers(LockRequest request, Collection<LockRequest> earlier) {
    Set<LockOwner> found = new HashSet<>();
    addHolders(request, found);
    if (!request.upgrade) {
      for (LockRequest each : earlier) {
        if (each == request) {
          break;
        }
        if (each.refused == null && request.conflictsWith(each) && !request.overtaken.contains(each)) {
          found.add(each.owner);
        }
      }
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
    List<LockOwner> cycle = new ArrayList<>();
    boolean overtook = false;
    while (start.waiting.refused == null && findCycle(start, start, new HashSet<>(), cycle)) {
      if (overtake(cycle)) {
        overtook = true;
      } else {
        LockOwner youngest = cycle.getFirst();
        for (LockOwner each : cycle) {
          youngest = each.age > youngest.age ? each : youngest;
        }
        refuse(youngest.waiting, ErrorCode.DEADLOCK);
      }
      cycle.clear();
    }
    if (overtook) {
      grantWaiting();
    }
  }

  /** Lets one request in the cycle pass another that holds it back by being earlier only; false if there is none. */
  private boolean overtake(List<LockOwner> cycle) {
    for (int i = 0; i < cycle.size(); i++) {
      LockRequest request = cycle.get(i).waiting;
      LockOwner next = cycle.get((i + 1) % cycle.size());
      Set<LockOwner> holders = new HashSet<>();
      addHolders(request, holders);
      if (!holders.contains(next)) {
        request.overtaken.add(next.waiting);
        return true;
      }
    }
    return false;
  }

  private boolean findCycle(LockOwner from, LockOwner target, Set<LockOwner> seen, List<LockOwner> path) {
    if (from.waiting == null || from.waiting.refused != null) {
      return false;
    }
    path.add(from);
    for (LockOwner next : blockers(from.waiting, queue)) {
      if (next == target || seen.add(next) && findCycle(next, target, seen, path)) {
        return true;
      }
    }
    path.removeLast();
    return false;
  }

  private static void refuse(LockRequest request, ErrorCode code) {
    if (!request.granted && request.refused == null) {
      request.refused = code;
      request.decided.signal();
    }
  }
}
