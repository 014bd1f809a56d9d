package org.treatydb.dist.enclave.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/** Does several things at once, each on a thread of its own, the last one on the caller's. */
final class InParallel {

  private final ThreadFactory threads;

  InParallel(ThreadFactory threads) {
    this.threads = threads;
  }

  /** The results, in order, once all have ended; or the first failure in that order. */
  <T> List<T> all(List<Supplier<T>> work) {
    List<CompletableFuture<T>> running = new ArrayList<>(work.size());
    for (int i = 0; i < work.size(); i++) {
      CompletableFuture<T> result = new CompletableFuture<>();
      Supplier<T> each = work.get(i);
      running.add(result);
      if (i + 1 < work.size()) {
        threads.newThread(() -> run(each, result)).start();
      } else {
        run(each, result);
      }
    }
    running.forEach(result -> result.handle((_, _) -> null).join());
    return running.stream().map(InParallel::result).toList();
  }

  private static <T> void run(Supplier<T> work, CompletableFuture<T> result) {
    try {
      result.complete(work.get());
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e);
    }
  }

  private static <T> T result(CompletableFuture<T> ended) {
    try {
      return ended.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
