package org.treatydb.dist.enclave.counter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;

/**
 * Asks several members at once, again and again, until enough have answered. Each is asked on a thread of its own, which ends with the
 * gathering, or with its last call. Used once.
 *
 * @param <T> an answer
 */
final class Gathering<T> {

  private static final Logger LOG = LoggerFactory.getLogger(Gathering.class);
  private static final long LOG_INTERVAL_NANOS = 5_000_000_000L;

  private final Clock clock;
  private final ThreadFactory threads;
  private final long retryNanos;
  private final BooleanSupplier closed;
  private final Thread caller = Thread.currentThread();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, T> answers = new HashMap<>();
  private final Map<Integer, String> missing = new TreeMap<>();
  private RuntimeException failure;
  private volatile boolean ended;

  Gathering(Clock clock, ThreadFactory threads, long retryNanos, BooleanSupplier closed) {
    this.clock = clock;
    this.threads = threads;
    this.retryNanos = retryNanos;
    this.closed = closed;
  }

  /**
   * The newest answer of each member that has answered, once there are enough.
   *
   * @param question what to ask; a member that cannot be reached is asked again
   * @param settled whether an answer is final; otherwise it counts, and the member is asked again
   * @param enough whether these answers are enough
   * @param wanted what is wanted of the members, for messages
   * @throws KvException.Unavailable at the deadline
   * @throws KvException as a member fails, other than for a while
   */
  Map<Integer, T> run(
      List<Integer> members, IntFunction<T> question, Predicate<T> settled, Predicate<Map<Integer, T>> enough, String wanted,
      long deadlineNanos) {
    List<Thread> asking = new ArrayList<>();
    for (int member : members) {
      missing.put(member, "does not answer");
      asking.add(threads.newThread(() -> ask(member, question, settled)));
    }
    asking.forEach(Thread::start);
    try {
      return await(enough, wanted, deadlineNanos);
    } finally {
      ended = true;
      asking.forEach(LockSupport::unpark);
    }
  }

  private Map<Integer, T> await(Predicate<Map<Integer, T>> enough, String wanted, long deadlineNanos) {
    long nextLogNanos = clock.nanoTime() + LOG_INTERVAL_NANOS;
    while (true) {
      String waitsFor;
      lock.lock();
      try {
        if (failure != null) {
          throw failure;
        }
        if (enough.test(answers)) {
          return Map.copyOf(answers);
        }
        waitsFor = wanted + ": " + describe(missing);
      } finally {
        lock.unlock();
      }
      if (closed.getAsBoolean()) {
        throw new KvException.Closed(ErrorCode.STORE_CLOSED, "the trusted counter was closed");
      }
      long now = clock.nanoTime();
      if (now >= deadlineNanos) {
        throw new KvException.Unavailable(ErrorCode.NODE_UNREACHABLE, waitsFor, null);
      }
      if (now >= nextLogNanos) {
        LOG.warn("Waiting: {}", waitsFor);
        nextLogNanos = now + LOG_INTERVAL_NANOS;
      }
      clock.parkUntil(this, Math.min(deadlineNanos, now + retryNanos));
    }
  }

  private void ask(int member, IntFunction<T> question, Predicate<T> settled) {
    while (!ended) {
      try {
        T answer = question.apply(member);
        boolean isFinal = settled.test(answer);
        note(member, answer, isFinal);
        if (isFinal) {
          return;
        }
      } catch (KvException.Retryable | KvException.Closed e) {
        fail(() -> missing.put(member, e.getMessage()));
      } catch (RuntimeException e) {
        fail(() -> failure = e);
        return;
      }
      long next = clock.nanoTime() + retryNanos;
      while (!ended && clock.nanoTime() < next) {
        clock.parkUntil(this, next);
      }
    }
  }

  private void note(int member, T answer, boolean isFinal) {
    lock.lock();
    try {
      answers.put(member, answer);
      if (isFinal) {
        missing.remove(member);
      } else {
        missing.put(member, "was restarted and does not remember");
      }
    } finally {
      lock.unlock();
    }
    LockSupport.unpark(caller);
  }

  private void fail(Runnable note) {
    lock.lock();
    try {
      note.run();
    } finally {
      lock.unlock();
    }
    LockSupport.unpark(caller);
  }

  /** Members and what is wrong with each. */
  static String describe(Map<Integer, String> missing) {
    List<String> parts = new ArrayList<>();
    missing.forEach((member, why) -> parts.add("node " + member + " (" + why + ")"));
    return String.join(", ", parts);
  }
}
