package org.treatydb.kv.embedded;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Closes what was opened, last first, once; a failure to close one thing does not keep the others open. Thread-safe.
 */
public final class CloseStack implements AutoCloseable {

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** Has {@code resource} closed with the others; gives it back. */
  public <T extends AutoCloseable> T push(T resource) {
    lock.lock();
    try {
      open.push(resource);
      return resource;
    } finally {
      lock.unlock();
    }
  }

  /** Closes everything because of {@code failure}, which is to be thrown. */
  public <E extends Throwable> E closedFor(E failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      RuntimeException first = null;
      while (!open.isEmpty()) {
        try {
          open.pop().close();
        } catch (Exception e) {
          RuntimeException failure = e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
          if (first == null) {
            first = failure;
          } else {
            first.addSuppressed(failure);
          }
        }
      }
      if (first != null) {
        throw first;
      }
    } finally {
      lock.unlock();
    }
  }
}
