package org.treatydb.dist.enclave.branch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

/**
 * The coordinator's end of one branch of a transaction. A request that gets no answer is repeated for some time, under its number, so
 * that it is executed once. Thread-safe: one request at a time.
 */
public final class RemoteBranch {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteBranch.class);

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final int node;
  private final BranchOwner owner;
  private final ReentrantLock lock = new ReentrantLock();
  private long numbers;
  private volatile long lastClock;
  private volatile boolean repeated;

  public RemoteBranch(int node, BranchOwner owner) {
    this.node = node;
    this.owner = owner;
  }

  public int node() {
    return node;
  }

  /** The participant's clock with its last answer. */
  public long lastClock() {
    return lastClock;
  }

  /** Whether the last request got no answer at first, so that what its answer says may be of a later boot of the participant. */
  public boolean repeated() {
    return repeated;
  }

  /**
   * Has {@code request} executed, and gives the answer.
   *
   * @throws KvException as the participant says; {@link KvException.Retryable} with NODE_UNREACHABLE if it does not answer: then it is
   *     unknown whether the request was executed, or will be
   */
  public BranchReply call(BranchRequest request) {
    return call(request, owner.surroundings().clock().nanoTime() + PATIENCE_NANOS + owner.lockTimeoutNanos());
  }

  private BranchReply call(BranchRequest request, long deadlineNanos) {
    lock.lock();
    try {
      numbers++;
      repeated = false;
      while (true) {
        try {
          return answer(encode(request, numbers), deadlineNanos - owner.surroundings().clock().nanoTime());
        } catch (KvException.Retryable e) {
          if (e.code() != ErrorCode.NODE_UNREACHABLE || !pause(deadlineNanos)) {
            throw e;
          }
          repeated = true;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells the participant a decision, once. */
  public void decide(BranchRequest decision, long timeoutNanos) {
    answer(encode(decision, 0), timeoutNanos);
  }

  private boolean pause(long deadlineNanos) {
    long now = owner.surroundings().clock().nanoTime();
    if (now + PAUSE_NANOS >= deadlineNanos) {
      return false;
    }
    owner.surroundings().clock().parkUntil(this, now + PAUSE_NANOS);
    return true;
  }

  private byte[] encode(BranchRequest request, long number) {
    ByteWriter out = new ByteWriter(128);
    BranchCodec.encode(owner.call(number, number > 0 && repeated, request), out);
    return out.toByteArray();
  }

  private BranchReply answer(byte[] encoded, long timeoutNanos) {
    Transport transport = owner.surroundings().transport();
    byte[] reply = Service.BRANCHES.call(transport, node, encoded, Math.max(1, timeoutNanos));
    BranchAnswer answer = BranchCodec.decodeAnswer(new ByteReader(reply));
    lastClock = answer.clock();
    mergeOwnClock(answer.clock());
    if (answer.reply() instanceof BranchReply.Failed failed) {
      throw elsewhere(failed.failure());
    }
    return answer.reply();
  }

  /** A clock that cannot be merged, since this node has failed, does not undo what the other node did. */
  private void mergeOwnClock(long timestamp) {
    try {
      owner.surroundings().ownClock().merge(timestamp);
    } catch (KvException e) {
      LOG.debug("The clock of node {} was not merged: {}", node, e.getMessage());
    }
  }

  /** What another node has found in its storage does not fence this one, and its end does not close it. */
  private KvException elsewhere(KvException failure) {
    return switch (failure) {
      case KvException.IntegrityViolation violation ->
          new KvException.Unavailable(violation.code(), "node " + node + " has fenced itself: " + violation.finding(), violation);
      case KvException.Closed closed when closed.code() == ErrorCode.STORE_CLOSED || closed.code() == ErrorCode.STORE_CLOSING ->
          new KvException.Retryable(ErrorCode.BRANCH_LOST, "node " + node + " is closing; run the transaction again");
      default -> failure;
    };
  }
}
