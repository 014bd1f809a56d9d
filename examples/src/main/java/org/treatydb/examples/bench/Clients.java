package org.treatydb.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Clients that work at the same time, each on a platform thread of its own: calls into RocksDB hold the carrier of a
 * virtual thread, and both sides shall have the same clients.
 */
final class Clients {

  private Clients() {}

  /** One client's work. Used by one thread. */
  interface Client extends AutoCloseable {

    /** Does one piece of work, and says what kind it was. */
    Kind step();

    @Override
    default void close() {}
  }

  /** A client of which every step counts as a read. */
  static Client reading(Runnable step) {
    return () -> {
      step.run();
      return Kind.READ;
    };
  }

  /** What a step did. */
  enum Kind {
    READ,
    WRITE
  }

  /** What was done. {@code perSecond}: the sum of what each client did by the time it needed for it. */
  record Result(double perSecond, LatencyHistogram reads, LatencyHistogram writes) {

    long steps() {
      return reads.count() + writes.count();
    }
  }

  /** Lets {@code count} clients begin steps for {@code nanos}; throws what a client threw. */
  static Result run(int count, long nanos, Supplier<Client> client) throws Exception {
    return run(count, nanos, Long.MAX_VALUE, client);
  }

  /** Lets {@code count} clients make {@code stepsMax} steps each, but begin none after {@code nanosMax}. */
  static Result run(int count, long nanosMax, long stepsMax, Supplier<Client> client) throws Exception {
    AtomicLong start = new AtomicLong();
    CyclicBarrier together = new CyclicBarrier(count, () -> start.set(System.nanoTime()));
    LatencyHistogram reads = new LatencyHistogram();
    LatencyHistogram writes = new LatencyHistogram();
    double perSecond = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<Callable<Loop>> loops = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Client each = client.get();
        loops.add(() -> {
          try (each) {
            together.await();
            return new Loop(start.get(), nanosMax).run(each, stepsMax);
          }
        });
      }
      for (Future<Loop> loop : threads.invokeAll(loops)) {
        reads.add(loop.get().reads);
        writes.add(loop.get().writes);
        perSecond += loop.get().perSecond();
      }
    }
    return new Result(perSecond, reads, writes);
  }

  /** One client's steps. */
  private static final class Loop {

    private final long start;
    private final long nanosMax;
    private final LatencyHistogram reads = new LatencyHistogram();
    private final LatencyHistogram writes = new LatencyHistogram();
    private long end;

    Loop(long start, long nanosMax) {
      this.start = start;
      this.nanosMax = nanosMax;
      this.end = start;
    }

    Loop run(Client client, long stepsMax) {
      for (long i = 0; i < stepsMax && end - start < nanosMax; i++) {
        Kind kind = client.step();
        long after = System.nanoTime();
        (kind == Kind.READ ? reads : writes).record(after - end);
        end = after;
      }
      return this;
    }

    double perSecond() {
      return (reads.count() + writes.count()) / ((end - start) / 1e9);
    }
  }
}
