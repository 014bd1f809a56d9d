package org.treatydb.examples.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The tills at work in the background, each connected to another node first, and what they have sold. Thread-safe. */
final class Shop implements AutoCloseable {

  static final int TILLS = 4;

  private static final long CLOSING_SECONDS_MAX = 120;

  private final LocalCluster cluster;
  private final Set<Integer> sold;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<SteadyTill.Tally>> tills = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private volatile boolean open = true;

  /**
   * Opens the shop.
   *
   * @param sold the invoices known to be committed; gets those to come
   */
  Shop(LocalCluster cluster, ConcurrentSkipListSet<Integer> sold) {
    this.cluster = cluster;
    this.sold = sold;
    for (int i = 1; i <= TILLS; i++) {
      tills.add(start(i));
    }
  }

  private Future<SteadyTill.Tally> start(int number) {
    String url = cluster.url(LocalCluster.NODES.get(number % LocalCluster.NODES.size()));
    return threads.submit(() -> {
      try {
        return new SteadyTill(number, url, () -> open, this::acknowledge).sell();
      } finally {
        signal();
      }
    });
  }

  private void acknowledge(int invoice) {
    sold.add(invoice);
    signal();
  }

  private void signal() {
    lock.lock();
    try {
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many sales are known to be committed. */
  int sold() {
    return sold.size();
  }

  /** Waits until so many more are sold; fails if a till fails, or if it takes too long. */
  void awaitSales(int more, long secondsMax) throws ExecutionException, InterruptedException, TimeoutException {
    long left = TimeUnit.SECONDS.toNanos(secondsMax);
    lock.lock();
    try {
      int wanted = sold() + more;
      while (sold() < wanted) {
        requireNoneFailed();
        if (left <= 0) {
          throw new TimeoutException("no " + more + " sales within " + secondsMax + " s, but " + (sold() + more - wanted));
        }
        left = progress.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void requireNoneFailed() throws ExecutionException, InterruptedException {
    for (Future<SteadyTill.Tally> till : tills) {
      if (till.isDone()) {
        till.get();
      }
    }
  }

  /** Lets every till finish its sale; says what they have been through together. */
  SteadyTill.Tally closeTills() throws ExecutionException, InterruptedException, TimeoutException {
    open = false;
    SteadyTill.Tally together = SteadyTill.Tally.NONE;
    for (Future<SteadyTill.Tally> till : tills) {
      together = together.plus(till.get(CLOSING_SECONDS_MAX, TimeUnit.SECONDS));
    }
    return together;
  }

  @Override
  public void close() {
    open = false;
    threads.shutdownNow();
  }
}
