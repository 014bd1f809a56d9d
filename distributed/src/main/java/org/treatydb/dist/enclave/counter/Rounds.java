package org.treatydb.dist.enclave.counter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.TrustedCounter.State;

/**
 * The confirmations of one boot. One round at a time; what is asked for meanwhile goes into the next. Each member has a {@link
 * MemberLink}, which takes the newest round when it is done with another: so members that lag, or do not answer, hold up nobody, and hold
 * one thread each. Without anything to confirm there is a round now and then, that finds members that were restarted. Thread-safe.
 */
final class Rounds implements AutoCloseable {

  /** A round: what the members are to hold, under a number that grows. */
  record Round(long number, State state, CompletableFuture<Void> done, long deadlineNanos) {}

  /** What a link is to do: to bring the newest round to its member, or, {@code establishing}, to tell a restarted one everything. */
  record Work(Round round, boolean establishing) {}

  private final Quorums quorums;
  private final CounterTimes times;
  private final Clock clock;
  private final List<MemberLink> links = new ArrayList<>();
  private final Thread pacer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();

  private State proposed;
  private Round newest;
  private CompletableFuture<Void> next;
  private boolean open;
  private boolean wanted;
  private long completed;
  private long begunNanos;
  private final Set<Integer> acknowledged = new HashSet<>();
  private final Map<Integer, Long> delivered = new HashMap<>();
  private final Map<Integer, String> missing = new TreeMap<>();
  private RuntimeException failure;
  private volatile boolean closed;

  /**
   * Starts.
   *
   * @param bound the state with which the epoch was bound
   */
  Rounds(
      List<Integer> members, Quorums quorums, CounterTimes times, Clock clock, MemberCalls calls, ThreadFactory threads, State bound) {
    this.quorums = quorums;
    this.times = times;
    this.clock = clock;
    this.proposed = bound;
    for (int member : members) {
      links.add(new MemberLink(member, this, calls, clock, times, threads));
      missing.put(member, "does not answer");
    }
    this.pacer = threads.newThread(this::pace);
    links.forEach(MemberLink::start);
    pacer.start();
  }

  /** Confirms {@code head}, and all that was confirmed before, once more at those who have forgotten it. */
  void confirm(long epoch, LogName log, LogHead head) {
    CompletableFuture<Void> mine;
    lock.lock();
    try {
      requireUsable();
      proposed = proposed.confirmed(epoch, log, head);
      mine = request();
    } finally {
      lock.unlock();
    }
    await(mine);
  }

  /** Confirms what is there. */
  void confirmAgain() {
    CompletableFuture<Void> mine;
    lock.lock();
    try {
      requireUsable();
      mine = request();
    } finally {
      lock.unlock();
    }
    await(mine);
  }

  private static void await(CompletableFuture<Void> round) {
    Throwable failed = round.handle((_, failure) -> failure).join();
    switch (failed) {
      case null -> { }
      case KvException.IntegrityViolation e -> throw new KvException.IntegrityViolation(e.code(), e.finding(), e);
      case KvException.Unavailable e -> throw new KvException.Unavailable(e.code(), e.getMessage(), e);
      case KvException e -> throw new KvException.Closed(e.code(), e.getMessage());
      default -> throw new IllegalStateException("the trusted counter failed", failed);
    }
  }

  private void requireUsable() {
    if (failure instanceof KvException.IntegrityViolation e) {
      throw new KvException.IntegrityViolation(e.code(), e.finding(), e);
    }
    if (failure != null) {
      throw new IllegalStateException("the trusted counter failed", failure);
    }
    if (closed) {
      throw closedException();
    }
  }

  private static KvException closedException() {
    return new KvException.Closed(ErrorCode.STORE_CLOSED, "the trusted counter is closed");
  }

  /** The round that will carry what is proposed now. A round that nobody waits for is given up for it. */
  private CompletableFuture<Void> request() {
    if (!open || !wanted) {
      wanted = true;
      begin(new CompletableFuture<>());
      return newest.done();
    }
    if (next == null) {
      next = new CompletableFuture<>();
    }
    return next;
  }

  private void begin(CompletableFuture<Void> done) {
    begunNanos = clock.nanoTime();
    newest = new Round(newest == null ? 1 : newest.number() + 1, proposed, done, begunNanos + times.confirmationNanos());
    open = true;
    acknowledged.clear();
    work.signalAll();
  }

  /** What a link is to do next, when there is something; empty when all ends. */
  Optional<Work> await(MemberLink link) {
    lock.lock();
    try {
      while (true) {
        if (closed || failure != null) {
          return Optional.empty();
        }
        if (link.learnedAfter().isPresent()) {
          if (completed > link.learnedAfter().getAsLong()) {
            return Optional.of(new Work(new Round(newest.number(), proposed, newest.done(), newest.deadlineNanos()), true));
          }
        } else if (newest != null && newest.number() > delivered.getOrDefault(link.member(), 0L)) {
          return Optional.of(new Work(newest, false));
        }
        work.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The number of the newest round; one that comes after it begins after this call. */
  long begun() {
    lock.lock();
    try {
      return newest == null ? 0 : newest.number();
    } finally {
      lock.unlock();
    }
  }

  /** A member was found restarted: another round must show that this boot is still the newest, before it may tell the member anything. */
  void renew(int member) {
    lock.lock();
    try {
      missing.put(member, "was restarted, and is told again only when enough others have confirmed");
      if (!open) {
        wanted = false;
        begin(new CompletableFuture<>());
      } else if (next == null) {
        next = new CompletableFuture<>();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A member holds what {@code round} carries. */
  void acknowledge(int member, Round round) {
    CompletableFuture<Void> done = null;
    lock.lock();
    try {
      delivered.put(member, round.number());
      missing.remove(member);
      if (open && newest.number() == round.number()) {
        acknowledged.add(member);
        if (acknowledged.size() >= quorums.confirmation()) {
          completed = round.number();
          done = end();
          work.signalAll();
        }
      }
    } finally {
      lock.unlock();
    }
    if (done != null) {
      done.complete(null);
    }
  }

  /** Ends the open round and begins the next, if one is asked for. */
  private CompletableFuture<Void> end() {
    CompletableFuture<Void> ended = newest.done();
    open = false;
    wanted = next != null;
    if (wanted) {
      CompletableFuture<Void> following = next;
      next = null;
      begin(following);
    }
    return ended;
  }

  void missed(int member, String why) {
    lock.lock();
    try {
      missing.put(member, why);
    } finally {
      lock.unlock();
    }
  }

  /** This boot is over. */
  void fail(RuntimeException cause) {
    end(cause, true);
  }

  private void end(RuntimeException cause, boolean failed) {
    List<CompletableFuture<Void>> waited = new ArrayList<>();
    lock.lock();
    try {
      if (failed && failure == null) {
        failure = cause;
      }
      if (newest != null) {
        waited.add(newest.done());
      }
      if (next != null) {
        waited.add(next);
      }
      work.signalAll();
    } finally {
      lock.unlock();
    }
    waited.forEach(each -> each.completeExceptionally(cause));
  }

  private void pace() {
    while (!closed) {
      CompletableFuture<Void> overdue = null;
      String report = "";
      lock.lock();
      try {
        long now = clock.nanoTime();
        if (open && now >= newest.deadlineNanos()) {
          report = describeMissing();
          overdue = end();
        } else if (!open && failure == null && now - begunNanos >= times.renewalNanos()) {
          wanted = false;
          begin(new CompletableFuture<>());
        }
      } finally {
        lock.unlock();
      }
      if (overdue != null) {
        overdue.completeExceptionally(new KvException.Unavailable(ErrorCode.NODE_UNREACHABLE, report, null));
      }
      clock.parkUntil(this, clock.nanoTime() + times.renewalNanos());
    }
  }

  private String describeMissing() {
    Map<Integer, String> without = new TreeMap<>(missing);
    without.keySet().removeAll(acknowledged);
    return "the trusted counter could not be confirmed: of " + quorums.members() + " members " + quorums.confirmation() + " must, "
        + acknowledged.size() + " did; missing: " + Gathering.describe(without);
  }

  boolean isClosed() {
    return closed;
  }

  /** Whoever still waits fails. A call under way ends with its own timeout. */
  @Override
  public void close() {
    closed = true;
    end(closedException(), false);
    links.forEach(MemberLink::wake);
    LockSupport.unpark(pacer);
  }
}
