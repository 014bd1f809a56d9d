package org.treatydb.dist.channel;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** How many requests of one peer are being handled, and its connections that wait for that to become fewer. Thread-safe. */
final class PeerLoad {

  private final int handlersMax;
  private final AtomicInteger handlers = new AtomicInteger();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  PeerLoad(int handlersMax) {
    this.handlersMax = handlersMax;
  }

  /**
   * Takes a place.
   *
   * @param whenRoom run once, soon after there is room again, if there was none
   */
  boolean enter(Runnable whenRoom) {
    if (take()) {
      return true;
    }
    waiting.add(whenRoom);
    if (handlers.get() < handlersMax) {
      wakeOne();
    }
    return false;
  }

  private boolean take() {
    int before = handlers.get();
    while (before < handlersMax) {
      if (handlers.compareAndSet(before, before + 1)) {
        return true;
      }
      before = handlers.get();
    }
    return false;
  }

  void leave() {
    handlers.decrementAndGet();
    wakeOne();
  }

  /** Whoever was woken does not want its place any more: somebody else may. */
  void pass() {
    wakeOne();
  }

  private void wakeOne() {
    Runnable next = waiting.poll();
    if (next != null) {
      next.run();
    }
  }
}
