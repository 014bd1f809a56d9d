package org.treatydb.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Clients at work: all at once, counted by what they did, each closed. */
class ClientsTest {

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  @Test
  void workAllAtOnceOnThreadsOfTheirOwn() throws Exception {
    int count = 16;
    CountDownLatch all = new CountDownLatch(count);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Clients.Result result = Clients.run(count, MINUTE, 1, () -> Clients.reading(() -> {
      threads.add(Thread.currentThread());
      all.countDown();
      awaitZero(all);
    }));
    assertEquals(count, threads.size());
    assertEquals(count, result.steps());
    assertTrue(result.perSecond() > 0);
  }

  @Test
  void countReadsAndWritesApart() throws Exception {
    AtomicInteger steps = new AtomicInteger();
    Clients.Result result =
        Clients.run(1, MINUTE, 10, () -> () -> steps.incrementAndGet() % 5 == 0 ? Clients.Kind.WRITE : Clients.Kind.READ);
    assertEquals(8, result.reads().count());
    assertEquals(2, result.writes().count());
  }

  @Test
  void beginNothingWhenTheTimeIsOverButFinishAndCountWhatTheyHaveBegun() throws Exception {
    long nanos = TimeUnit.MILLISECONDS.toNanos(20);
    Clients.Result result = Clients.run(2, nanos, () -> Clients.reading(() -> {
      long start = System.nanoTime();
      while (System.nanoTime() - start < 2 * nanos) {
        Thread.onSpinWait();
      }
    }));
    assertEquals(2, result.steps());
    assertTrue(result.perSecond() <= 2 / (2 * nanos / 1e9), "per second: " + result.perSecond());
  }

  @Test
  void passOnWhatOneOfThemThrowsAndAreClosedAllTheSame() {
    AtomicInteger closed = new AtomicInteger();
    ExecutionException failure = assertThrows(ExecutionException.class, () -> Clients.run(3, MINUTE, 1, () -> new Clients.Client() {
      @Override
      public Clients.Kind step() {
        throw new IllegalStateException("no more");
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    }));
    assertEquals("no more", failure.getCause().getMessage());
    assertEquals(3, closed.get());
  }

  private static void awaitZero(CountDownLatch latch) {
    try {
      assertTrue(latch.await(1, TimeUnit.MINUTES));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
