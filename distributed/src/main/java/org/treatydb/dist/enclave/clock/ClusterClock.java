package org.treatydb.dist.enclave.clock;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

/**
 * The clocks of a majority of the nodes. Everything that was acknowledged, or seen by anybody, before {@link #read} is called has a
 * timestamp at or below what that gives. Rounds are shared: one for all who have come since the last began. Thread-safe.
 *
 * <p>On the wire, format 1, both ways: format, the sender's clock (8 bytes).
 */
public final class ClusterClock implements Transport.Handler {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterClock.class);

  private static final int FORMAT = 1;

  private final NodeClock own;
  private final List<Integer> others;
  private final Transport transport;
  private final ThreadFactory threads;
  private final long timeoutNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private CompletableFuture<Long> running;
  private CompletableFuture<Long> next;

  public ClusterClock(NodeClock own, List<Integer> others, Transport transport, ThreadFactory threads, long timeoutNanos) {
    this.own = own;
    this.others = List.copyOf(others);
    this.transport = transport;
    this.threads = threads;
    this.timeoutNanos = timeoutNanos;
  }

  /** The round that begins next, if it has not begun already: what it gives is as {@link #read} says. */
  public CompletableFuture<Long> begin() {
    lock.lock();
    try {
      if (running == null) {
        CompletableFuture<Long> round = new CompletableFuture<>();
        running = round;
        start(round);
        return round;
      }
      if (next == null) {
        next = new CompletableFuture<>();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The largest clock of a majority, this node's included.
   *
   * @throws KvException.Retryable if no majority answers in time
   */
  public long read() {
    return await(begin());
  }

  /** What a round that was begun gives; as {@link #read}. */
  public static long await(CompletableFuture<Long> round) {
    try {
      return round.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof KvException.Retryable retryable) {
        throw new KvException.Retryable(retryable.code(), retryable.getMessage());
      }
      throw e;
    }
  }

  private void start(CompletableFuture<Long> round) {
    Answers answers = new Answers(round, (others.size() + 1) / 2);
    byte[] question = encoded();
    round.whenComplete((_, _) -> ended());
    answers.note(own.now(), 0);
    for (int other : others) {
      threads.newThread(() -> ask(other, question, answers)).start();
    }
  }

  private void ask(int other, byte[] question, Answers answers) {
    try {
      long clock = decode(Service.CLOCK.call(transport, other, question, timeoutNanos));
      own.merge(clock);
      answers.note(clock, 1);
    } catch (RuntimeException e) {
      LOG.debug("Node {} does not tell the time: {}", other, e.getMessage());
      answers.failed(others.size());
    }
  }

  private void ended() {
    lock.lock();
    try {
      running = next;
      next = null;
      if (running != null) {
        start(running);
      }
    } finally {
      lock.unlock();
    }
  }

  private byte[] encoded() {
    return encode(own.now());
  }

  static byte[] encode(long clock) {
    return new ByteWriter(9).u8(FORMAT).i64(clock).toByteArray();
  }

  static long decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(FORMAT);
    long clock = in.i64();
    in.expectEnd();
    return clock;
  }

  @Override
  public byte[] handle(Peer peer, byte[] request) {
    own.merge(decode(request));
    return encoded();
  }

  /** The answers of one round. */
  private static final class Answers {

    private final CompletableFuture<Long> round;
    private final int needed;
    private final ReentrantLock lock = new ReentrantLock();
    private long largest;
    private int got;
    private int failures;

    Answers(CompletableFuture<Long> round, int needed) {
      this.round = round;
      this.needed = needed;
    }

    void note(long clock, int votes) {
      boolean enough;
      lock.lock();
      try {
        largest = Math.max(largest, clock);
        got += votes;
        enough = got >= needed;
      } finally {
        lock.unlock();
      }
      if (enough) {
        round.complete(largest);
      }
    }

    void failed(int asked) {
      boolean hopeless;
      lock.lock();
      try {
        failures++;
        hopeless = asked - failures < needed;
      } finally {
        lock.unlock();
      }
      if (hopeless) {
        round.completeExceptionally(
            new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, "too few nodes answer to tell the time; run the transaction again"));
      }
    }
  }
}
