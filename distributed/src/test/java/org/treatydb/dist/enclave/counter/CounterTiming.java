package org.treatydb.dist.enclave.counter;

import static org.treatydb.dist.enclave.counter.CounterCluster.head;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.treatydb.dist.net.MemoryNetwork.Fate;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.TrustedCounter.State;

/** How many confirmations a second, and in how many rounds, with nothing but memory between the nodes. Run by hand, with {@code -Dtest}. */
class CounterTiming {

  private static final int SECONDS = 3;

  @Test
  void confirmations() throws InterruptedException {
    for (int nodes : new int[] {3, 5}) {
      for (int threads : new int[] {1, 8, 64}) {
        time(nodes, threads, 1);
        time(nodes, threads, SECONDS);
      }
    }
  }

  private static void time(int nodes, int threads, int seconds) throws InterruptedException {
    try (CounterCluster cluster = new CounterCluster(nodes)) {
      cluster.network.record(false);
      Set<State> rounds = ConcurrentHashMap.newKeySet();
      QuorumCounter counter = cluster.firstBoot(CounterCluster.QUIET);
      cluster.network.order(message -> {
        if (CounterCluster.is(message, CounterRequest.Confirm.class)) {
          rounds.add(((CounterRequest.Confirm) CounterCluster.decode(message).body()).state());
        }
        return Fate.DELIVERED;
      });
      AtomicLong confirmed = new AtomicLong();
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      // Several threads for one log: each takes the next head under a lock, as a log's writer does, and waits for it without.
      ReentrantLock appending = new ReentrantLock();
      long[] heads = new long[LogName.values().length];
      List<Thread> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        LogName log = LogName.values()[i % heads.length];
        running.add(Thread.ofVirtual().start(() -> {
          while (System.nanoTime() < end) {
            try {
              long next;
              appending.lock();
              try {
                next = ++heads[log.ordinal()];
              } finally {
                appending.unlock();
              }
              counter.confirm(1, log, head(next));
              confirmed.incrementAndGet();
            } catch (KvException.IntegrityViolation overtaken) {
              // A newer head of this log got in first: not counted.
            }
          }
        }));
      }
      for (Thread each : running) {
        each.join();
      }
      System.out.printf(
          "%d nodes, %d threads: %,d confirmations/s, %,d rounds/s%n", nodes, threads, confirmed.get() / seconds,
          rounds.size() / seconds);
    }
  }
}
