package org.treatydb.dist.cluster;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Does something for several nodes at once: they need each other to start and to end. */
final class InParallel {

  private InParallel() {}

  static void run(List<Integer> nodes, IntConsumer work) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<? extends Future<?>> running = nodes.stream().map(node -> threads.submit(() -> work.accept(node))).toList();
      for (Future<?> each : running) {
        each.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
