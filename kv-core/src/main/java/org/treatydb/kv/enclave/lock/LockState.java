package org.treatydb.kv.enclave.lock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;

/**
 * Who holds which locks, who waits for which, and who is in whose way. Requests for one key stand at that key, those for ranges in a tree,
 * so that a request is compared only with what it may conflict with. Guarded by the table's lock.
 */
class LockState {

  private static final Comparator<LockRequest> BY_ARRIVAL = (left, right) -> Long.compare(left.arrival, right.arrival);
  private static final Predicate<Object> ANYBODY = each -> true;

  private final TreeMap<byte[], KeyLock> keys = new TreeMap<>(Arrays::compareUnsigned);
  private final RangeLocks shared = new RangeLocks(LockMode.SHARED);
  private final RangeLocks exclusive = new RangeLocks(LockMode.EXCLUSIVE);
  private final IntervalTree<LockRequest> waitingRanges = new IntervalTree<>();
  private List<LockRequest> decided = List.of();
  private long arrivals;
  private int lockCount;

  /** A request for one key; null if the owner has what it asks for. */
  LockRequest request(LockOwner owner, byte[] key, LockMode mode) {
    if (owner.coversKey(key, mode)) {
      return null;
    }
    KeyLock lock = keys.computeIfAbsent(key, KeyLock::new);
    return lock.isHeldBy(owner) && lock.mode().covers(mode) ? null : LockRequest.forKey(owner, mode, lock);
  }

  /** A request for a range; null if the owner has what it asks for. */
  LockRequest request(LockOwner owner, KeyRange range, LockMode mode) {
    return owner.coversRange(range, mode) ? null : LockRequest.forRange(owner, mode, range);
  }

  private Collection<KeyLock> keysIn(KeyRange range) {
    NavigableMap<byte[], KeyLock> inside = range.end() == null
        ? keys.tailMap(range.start(), true)
        : keys.subMap(range.start(), true, range.end(), false);
    return inside.values();
  }

  /** Whether {@code request} has to wait: for holders of conflicting locks, or behind earlier requests. */
  boolean isBlocked(LockRequest request) {
    return anyHolder(request, ANYBODY) || !request.upgrade && anyAhead(request, ANYBODY);
  }

  /** Tells {@code action} whom {@code request} has to wait for. */
  void forEachBlocker(LockRequest request, Consumer<LockOwner> action) {
    forEachHolder(request, action);
    if (!request.upgrade) {
      anyAhead(request, other -> {
        action.accept(other.owner);
        return false;
      });
    }
  }

  /**
   * Tells {@code action} whom {@code request} has to wait for, as far as a cycle of waiting owners may go by way of them. An exclusive
   * request for a key waits for whatever the earlier ones for that key wait for, so these are left out: else each search would walk along
   * the queues. Not if they may wait for a range that its own owner has locked.
   */
  void forEachOnTheWay(LockRequest request, Consumer<LockOwner> action) {
    if (request.key == null || request.mode == LockMode.SHARED || request.passesOthers()
        || request.owner.coversKey(request.key.key, LockMode.SHARED)) {
      forEachBlocker(request, action);
      return;
    }
    forEachHolder(request, action);
    anyRangeAhead(request, other -> {
      action.accept(other.owner);
      return false;
    });
  }

  private void forEachHolder(LockRequest request, Consumer<LockOwner> action) {
    anyHolder(request, holder -> {
      action.accept(holder);
      return false;
    });
  }

  /** Whether {@code test} holds for a holder of a conflicting lock. */
  boolean anyHolder(LockRequest request, Predicate<? super LockOwner> test) {
    if (request.key != null) {
      if (request.key.anyHolder(request.owner, request.mode, test)) {
        return true;
      }
    } else {
      for (KeyLock key : keysIn(request.range())) {
        if (key.anyHolder(request.owner, request.mode, test)) {
          return true;
        }
      }
    }
    return exclusive.anyHolder(request, test) || request.mode == LockMode.EXCLUSIVE && shared.anyHolder(request, test);
  }

  /**
   * Whether {@code test} holds for an earlier request that {@code request} has to wait behind; of those for the same key only the nearest
   * are tested, back to one that itself waits behind all before it.
   */
  private boolean anyAhead(LockRequest request, Predicate<? super LockRequest> test) {
    if (request.key == null) {
      for (KeyLock key : keysIn(request.range())) {
        for (LockRequest other : key.waiting()) {
          if (request.waitsBehind(other) && test.test(other)) {
            return true;
          }
        }
      }
    } else {
      List<LockRequest> waiting = request.key.waiting();
      boolean covered = false;
      for (int i = waiting.size() - 1; i >= 0 && !covered; i--) {
        LockRequest other = waiting.get(i);
        if (request.waitsBehind(other)) {
          if (test.test(other)) {
            return true;
          }
          covered = other.mode == LockMode.EXCLUSIVE && !other.passesOthers();
        }
      }
    }
    return anyRangeAhead(request, test);
  }

  /** Whether {@code test} holds for an earlier request for a range that {@code request} has to wait behind. */
  private boolean anyRangeAhead(LockRequest request, Predicate<? super LockRequest> test) {
    if (waitingRanges.isEmpty()) {
      return false;
    }
    Predicate<LockRequest> ahead = other -> request.waitsBehind(other) && test.test(other);
    return request.key == null ? waitingRanges.anyIn(request.range(), ahead) : waitingRanges.anyAt(request.key.key, ahead);
  }

  void grant(LockRequest request) {
    LockOwner owner = request.owner;
    if (request.key == null) {
      addRange(owner, request.mode, request.range());
    } else if (request.key.grant(owner, request.mode)) {
      owner.keys.add(request.key);
      lockCount++;
    }
  }

  /** How many locks are held: an owner's on a key, or on ranges that do not touch, are one each. */
  int lockCount() {
    return lockCount;
  }

  /** Locks {@code range} for {@code owner}, where nobody is in the way. */
  void addRange(LockOwner owner, LockMode mode, KeyRange range) {
    lockCount += ranges(mode).add(owner, range);
  }

  /** Drops the owner's locks on {@code dropped}, which its ranges cover: nothing becomes free. */
  void dropKeys(LockOwner owner, Collection<KeyLock> dropped) {
    owner.keys.removeIf(new HashSet<>(dropped)::contains);
    lockCount -= dropped.size();
    for (KeyLock key : dropped) {
      key.release(owner);
      dropIfUnused(key);
    }
  }

  /** Drops those of the owner's shared locks that its exclusive ranges cover: nothing becomes free. */
  void dropShared(LockOwner owner) {
    dropKeys(owner, owner.keys.stream().filter(key -> owner.coversKey(key.key, LockMode.EXCLUSIVE)).toList());
    lockCount -= shared.removeIf(owner, range -> owner.coversRange(range, LockMode.EXCLUSIVE));
  }

  /** Forgets a request that is neither granted nor waits. */
  void forget(LockRequest request) {
    if (request.key != null) {
      dropIfUnused(request.key);
    }
  }

  private RangeLocks ranges(LockMode mode) {
    return mode == LockMode.SHARED ? shared : exclusive;
  }

  void enqueue(LockRequest request) {
    request.arrival = ++arrivals;
    request.owner.waiting = request;
    if (request.key == null) {
      request.place = waitingRanges.add(request.range(), request);
    } else {
      request.key.enqueue(request);
    }
  }

  private void dequeue(LockRequest request) {
    request.owner.waiting = null;
    if (request.key == null) {
      waitingRanges.remove(request.place);
    } else {
      request.key.dequeue(request);
    }
  }

  private void decide(LockRequest request, ErrorCode refusal) {
    request.decide(refusal);
    if (decided.isEmpty()) {
      decided = new ArrayList<>();
    }
    decided.add(request);
  }

  /** The requests that have been decided since this was called last: their threads have to be woken. */
  List<LockRequest> takeDecided() {
    List<LockRequest> taken = decided;
    decided = List.of();
    return taken;
  }

  /** Refuses a request that waits, and grants those that waited behind it only. */
  void refuse(LockRequest request, ErrorCode code) {
    dequeue(request);
    decide(request, code);
    grantNear(request);
  }

  /** Refuses all that wait. */
  void refuseAll(ErrorCode code) {
    for (LockRequest request : waiting()) {
      dequeue(request);
      decide(request, code);
      forget(request);
    }
  }

  /** Grants what can be granted of the requests for the same keys as {@code request}. */
  void grantNear(LockRequest request) {
    Set<LockRequest> candidates = new LinkedHashSet<>();
    if (request.key != null) {
      addCandidates(request.key, candidates);
      dropIfUnused(request.key);
    } else {
      addCandidates(request.range(), candidates);
    }
    grantCandidates(candidates);
  }

  /** Takes all locks from {@code owner}, and grants what can then be granted. */
  void release(LockOwner owner) {
    Set<LockRequest> candidates = new LinkedHashSet<>();
    for (KeyLock key : owner.keys) {
      key.release(owner);
      addCandidates(key, candidates);
      dropIfUnused(key);
    }
    for (LockMode mode : LockMode.values()) {
      ranges(mode).removeAll(owner);
      owner.ranges(mode).byStart.values().forEach(range -> addCandidates(range.range, candidates));
    }
    lockCount -= owner.lockCount();
    owner.clear();
    grantCandidates(candidates);
  }

  /** Forgets a key that nobody holds or waits for. */
  private void dropIfUnused(KeyLock key) {
    if (key.isUnused()) {
      keys.remove(key.key);
    }
  }

  private void addCandidates(KeyLock key, Set<LockRequest> candidates) {
    key.addCandidates(candidates);
    if (!waitingRanges.isEmpty()) {
      waitingRanges.anyAt(key.key, collecting(candidates));
    }
  }

  private void addCandidates(KeyRange range, Set<LockRequest> candidates) {
    keysIn(range).forEach(key -> key.addCandidates(candidates));
    waitingRanges.anyIn(range, collecting(candidates));
  }

  private static Predicate<LockRequest> collecting(Set<LockRequest> candidates) {
    return request -> {
      candidates.add(request);
      return false;
    };
  }

  private void grantCandidates(Set<LockRequest> candidates) {
    if (candidates.isEmpty()) {
      return;
    }
    List<LockRequest> inOrder = new ArrayList<>(candidates);
    inOrder.sort(BY_ARRIVAL);
    for (LockRequest request : inOrder) {
      if (!isBlocked(request)) {
        dequeue(request);
        grant(request);
        decide(request, null);
      }
    }
  }

  /** All that wait, in order of arrival. */
  List<LockRequest> waiting() {
    List<LockRequest> all = new ArrayList<>();
    keys.values().forEach(key -> all.addAll(key.waiting()));
    waitingRanges.forEach(all::add);
    all.sort(BY_ARRIVAL);
    return all;
  }

  /** All that hold a lock; one that holds many may come more than once. */
  List<LockOwner> holders() {
    List<LockOwner> all = new ArrayList<>();
    keys.values().forEach(key -> all.addAll(key.owners()));
    shared.forEachOwner(all::add);
    exclusive.forEachOwner(all::add);
    return all;
  }
}
