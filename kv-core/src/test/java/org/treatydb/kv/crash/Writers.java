package org.treatydb.kv.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;

/** Some writers, each with keys of its own: the store must hold what they know, and nothing else. */
final class Writers implements StoreLife.Tenant {

  private static final int WRITERS_MAX = 4;
  private static final int TRANSACTIONS_MAX = 40;

  private final Random random;
  private final List<Writer> writers;

  Writers(Random random) {
    this.random = random;
    this.writers = IntStream.rangeClosed(0, random.nextInt(WRITERS_MAX)).mapToObj(i -> new Writer(i, random.nextLong())).toList();
  }

  @Override
  public void work(KvStore store) {
    int transactions = random.nextInt(TRANSACTIONS_MAX);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> work = new ArrayList<>();
      writers.forEach(writer -> work.add(threads.submit(() -> writer.work(store, transactions))));
      for (Future<?> each : work) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("a writer met " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void check(KvStore store) {
    NavigableMap<String, String> all = scan(store, ScanOptions.FORWARD);
    assertEquals(all, scan(store, ScanOptions.REVERSE), "one scan forward, one in reverse");
    for (Writer writer : writers) {
      NavigableMap<String, String> found = new TreeMap<>(all);
      found.keySet().removeIf(key -> !writer.owns(key));
      all.keySet().removeIf(writer::owns);
      writer.check(found);
    }
    assertEquals(Map.of(), all, "keys that nobody wrote");
  }

  static NavigableMap<String, String> scan(KvStore store, ScanOptions options) {
    NavigableMap<String, String> found = new TreeMap<>();
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY);
        KvCursor cursor = snapshot.scan(KeyRange.ALL, options)) {
      while (cursor.next()) {
        found.put(Writer.text(cursor.key()), Writer.text(cursor.value()));
      }
    }
    return found;
  }
}
