package org.treatydb.dist.channel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/** How many calls, with how many bytes, are under way to one peer; more wait in line. Thread-safe. */
final class CallWindow {

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Waiting> line = new ArrayDeque<>();
  private final int callsMax;
  private final long bytesMax;
  private int calls;
  private long bytes;

  CallWindow(int callsMax, long bytesMax) {
    this.callsMax = callsMax;
    this.bytesMax = bytesMax;
  }

  /**
   * Waits until there is room for one more call.
   *
   * @return whether there was, in time
   */
  boolean enter(int callBytes, long timeoutNanos) throws InterruptedException {
    Waiting waiting;
    lock.lock();
    try {
      if (line.isEmpty() && fits(callBytes)) {
        take(callBytes);
        return true;
      }
      waiting = new Waiting(callBytes);
      line.addLast(waiting);
    } finally {
      lock.unlock();
    }
    try {
      waiting.admitted.get(timeoutNanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return !leaveLine(waiting);
    } catch (InterruptedException e) {
      if (!leaveLine(waiting)) {
        leave(callBytes);
      }
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody fails this", e);
    }
  }

  /** Whether it was still in line: else it has been let in at the last moment. */
  private boolean leaveLine(Waiting waiting) {
    lock.lock();
    try {
      boolean left = line.remove(waiting);
      admitFromLine();
      return left;
    } finally {
      lock.unlock();
    }
  }

  void leave(int callBytes) {
    lock.lock();
    try {
      calls--;
      bytes -= callBytes;
      admitFromLine();
    } finally {
      lock.unlock();
    }
  }

  private void admitFromLine() {
    while (!line.isEmpty() && fits(line.peekFirst().callBytes)) {
      Waiting next = line.removeFirst();
      take(next.callBytes);
      next.admitted.complete(null);
    }
  }

  private boolean fits(int callBytes) {
    return calls < callsMax && bytes + callBytes <= bytesMax;
  }

  private void take(int callBytes) {
    calls++;
    bytes += callBytes;
  }

  private static final class Waiting {
    private final int callBytes;
    private final CompletableFuture<Void> admitted = new CompletableFuture<>();

    private Waiting(int callBytes) {
      this.callBytes = callBytes;
    }
  }
}
