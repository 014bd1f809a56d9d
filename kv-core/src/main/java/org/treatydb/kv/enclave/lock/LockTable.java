package org.treatydb.kv.enclave.lock;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.LockLimits;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.Clock;

/**
 * Shared and exclusive locks on keys and key ranges, held until {@link #releaseAll}. A lock on a range conflicts with
 * locks on every key in it, present or not: a range that was scanned can get no phantom.
 *
 * <p>Requests that conflict wait in one queue in order of arrival; a request also waits behind an earlier one that it
 * conflicts with, so nobody starves. {@link DeadlockSearch} says what becomes of owners that wait for each other.
 *
 * <p>Thread-safe; waiting parks the calling (virtual) thread, which needs the table's lock again only if it is not granted what it waits
 * for. One owner makes one request at a time.
 */
public final class LockTable {

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final LockState state;
  private final DeadlockSearch deadlocks;
  private final Escalation escalation;
  private boolean closed;

  /** {@code clock}: tells when a wait has lasted too long. */
  public LockTable(Clock clock, LockLimits limits) {
    this(clock, limits, new LockState());
  }

  /** {@code state}: empty. */
  LockTable(Clock clock, LockLimits limits, LockState state) {
    this.clock = clock;
    this.state = state;
    this.deadlocks = new DeadlockSearch(state);
    this.escalation = new Escalation(state, limits);
  }

  /**
   * Locks one key. With no time to wait it is decided at once, and nobody waits behind the request.
   *
   * @throws KvException.Retryable with DEADLOCK or LOCK_TIMEOUT; the owner keeps the locks it had
   * @throws KvException.InvalidRequest with OUT_OF_LOCK_MEMORY, if there are too many locks, or CANCELLED, if it would have to wait and
   *     {@link #setCancelled} says that it must not; the owner keeps the locks it had
   */
  public void lockKey(LockOwner owner, byte[] key, LockMode mode, long timeoutNanos) {
    LockRequest request;
    lock.lock();
    try {
      checkOpen();
      boolean room = escalation.makeRoom(owner);
      request = grantOrEnqueue(state.request(owner, key, mode), room, timeoutNanos);
    } finally {
      unlock();
    }
    await(request);
  }

  /** Locks every key in {@code range}, present or not. Errors as {@link #lockKey}. */
  public void lockRange(LockOwner owner, KeyRange range, LockMode mode, long timeoutNanos) {
    if (range.isEmpty()) {
      return;
    }
    LockRequest request;
    lock.lock();
    try {
      checkOpen();
      boolean room = escalation.makeRoom(owner);
      request = grantOrEnqueue(state.request(owner, range, mode), room, timeoutNanos);
    } finally {
      unlock();
    }
    await(request);
  }

  private void checkOpen() {
    if (closed) {
      throw new KvException.Closed(ErrorCode.STORE_CLOSED, "the store is closed");
    }
  }

  /** Gives the request that has to wait; null if there is nothing to wait for. */
  private LockRequest grantOrEnqueue(LockRequest request, boolean room, long timeoutNanos) {
    if (request == null) {
      return null;
    }
    if (!room) {
      state.forget(request);
      throw new KvException.InvalidRequest(
          ErrorCode.OUT_OF_LOCK_MEMORY, "all transactions together hold as many locks as there may be; lock less, or in smaller pieces");
    }
    LockOwner owner = request.owner;
    if (owner.holdsNothing()) {
      owner.sinceNanos = clock.nanoTime();
    }
    if (!state.isBlocked(request)) {
      state.grant(request);
      return null;
    }
    if (owner.cancelled) {
      state.forget(request);
      throw refusal(ErrorCode.CANCELLED);
    }
    request.thread = Thread.currentThread();
    request.sinceNanos = clock.nanoTime();
    request.deadlineNanos = request.sinceNanos + timeoutNanos;
    state.enqueue(request);
    boolean patient = timeoutNanos > 0;
    deadlocks.breakCycles(owner, patient);
    if (!patient && !request.isDecided()) {
      state.refuse(request, ErrorCode.LOCK_TIMEOUT);
    }
    return request;
  }

  private void unlock() {
    List<LockRequest> decided = state.takeDecided();
    lock.unlock();
    decided.forEach(request -> LockSupport.unpark(request.thread));
  }

  private void await(LockRequest request) {
    if (request == null) {
      return;
    }
    while (!request.isDecided()) {
      if (request.deadlineNanos - clock.nanoTime() <= 0 || Thread.currentThread().isInterrupted()) {
        giveUp(request);
      } else {
        clock.parkUntil(this, request.deadlineNanos);
      }
    }
    if (request.refusal() != null) {
      throw refusal(request.refusal());
    }
  }

  private void giveUp(LockRequest request) {
    lock.lock();
    try {
      if (!request.isDecided()) {
        state.refuse(request, ErrorCode.LOCK_TIMEOUT);
      }
    } finally {
      unlock();
    }
  }

  private static KvException refusal(ErrorCode code) {
    return switch (code) {
      case DEADLOCK -> new KvException.Retryable(code, "the transaction was chosen to end a deadlock; run it again");
      case CANCELLED -> new KvException.InvalidRequest(code, "the statement was cancelled while it waited for a lock");
      case STORE_CLOSED -> new KvException.Closed(code, "the store is closed");
      default -> new KvException.Retryable(code, "a lock was not free in time; run the transaction again");
    };
  }

  /** Releases every lock of the owner and wakes those who can go on. */
  public void releaseAll(LockOwner owner) {
    lock.lock();
    try {
      state.release(owner);
    } finally {
      unlock();
    }
  }

  /**
   * Who waits, for whom, of those who have waited for some time.
   *
   * @param nanosMin so long at least
   */
  public Map<TransactionId, Set<TransactionId>> waits(long nanosMin) {
    lock.lock();
    try {
      long nowNanos = clock.nanoTime();
      Map<TransactionId, Set<TransactionId>> waits = new HashMap<>();
      for (LockRequest request : state.waiting()) {
        if (nowNanos - request.sinceNanos >= nanosMin) {
          waits.put(request.owner.transaction, blockers(request));
        }
      }
      return waits;
    } finally {
      unlock();
    }
  }

  /** Ends a wait of that transaction, if there is one, as if it had been found to be in a deadlock. */
  public void refuseWait(TransactionId transaction) {
    lock.lock();
    try {
      state.waiting().stream().filter(request -> request.owner.transaction.equals(transaction)).findFirst()
          .ifPresent(request -> state.refuse(request, ErrorCode.DEADLOCK));
    } finally {
      unlock();
    }
  }

  /** Ends the wait of {@code owner}, if it waits, with CANCELLED, and lets it wait no more; or lets it wait again. */
  public void setCancelled(LockOwner owner, boolean cancelled) {
    lock.lock();
    try {
      owner.cancelled = cancelled;
      if (cancelled && owner.waiting != null) {
        state.refuse(owner.waiting, ErrorCode.CANCELLED);
      }
    } finally {
      unlock();
    }
  }

  /** Refuses everybody who waits, now and from now on. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      state.refuseAll(ErrorCode.STORE_CLOSED);
    } finally {
      unlock();
    }
  }

  /** Who holds and waits now. Walks over all locks with the table shut. */
  public LockView view() {
    lock.lock();
    try {
      long nowNanos = clock.nanoTime();
      Set<LockOwner> owners = new TreeSet<>(Comparator.comparingLong((LockOwner owner) -> owner.age));
      owners.addAll(state.holders());
      List<LockView.Holder> holders = owners.stream().map(owner -> new LockView.Holder(
          owner.transaction, owner.keys.size(), owner.rangeCount(), nowNanos - owner.sinceNanos)).toList();
      List<LockView.Waiter> waiters = state.waiting().stream().map(request -> new LockView.Waiter(
          request.owner.transaction, request.range(), request.mode == LockMode.EXCLUSIVE, blockers(request),
          nowNanos - request.sinceNanos)).toList();
      return new LockView(holders, waiters);
    } finally {
      unlock();
    }
  }

  private Set<TransactionId> blockers(LockRequest request) {
    Set<TransactionId> blockers = new LinkedHashSet<>();
    state.forEachBlocker(request, owner -> blockers.add(owner.transaction));
    return Collections.unmodifiableSet(blockers);
  }
}
