package org.treatydb.dist.channel;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** How long calls between two nodes on this machine take, and how many there are a second, both nodes in one process: run its main. */
final class CallTiming {

  private static final long RUN_NANOS = 3 * Nodes.SECOND;

  private CallTiming() {}

  public static void main(String[] arguments) throws Exception {
    Nodes nodes = new Nodes();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      NettyTransport one = nodes.start(1);
      nodes.start(2).serve((peer, request) -> request);
      run(threads, one, 100, 8);
      for (int bytes : new int[] {100, 16 << 10}) {
        for (int callers : new int[] {1, 8, 64}) {
          System.out.printf("%6d bytes each way, %2d callers: %s%n", bytes, callers, run(threads, one, bytes, callers));
        }
      }
    } finally {
      nodes.close();
    }
  }

  private static String run(ExecutorService threads, NettyTransport transport, int bytes, int callers) throws Exception {
    OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpuNanos = process.getProcessCpuTime();
    long endNanos = System.nanoTime() + RUN_NANOS;
    List<Future<long[]>> results = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      results.add(threads.submit(() -> {
        long[] nanos = new long[1_000_000];
        int calls = 0;
        byte[] request = new byte[bytes];
        for (long now = System.nanoTime(); now < endNanos && calls < nanos.length; calls++) {
          transport.call(2, request, Nodes.LONG);
          long then = System.nanoTime();
          nanos[calls] = then - now;
          now = then;
        }
        return Arrays.copyOf(nanos, calls);
      }));
    }
    List<long[]> all = new ArrayList<>();
    for (Future<long[]> result : results) {
      all.add(result.get());
    }
    cpuNanos = process.getProcessCpuTime() - cpuNanos;
    long[] sorted = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    return "%,7d calls/s, p50 %5d µs, p99 %5d µs, %.1f µs of processor a call".formatted(sorted.length * Nodes.SECOND / RUN_NANOS,
        sorted[sorted.length / 2] / 1000, sorted[sorted.length * 99 / 100] / 1000, cpuNanos / 1000.0 / sorted.length);
  }
}
