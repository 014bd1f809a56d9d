package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;
import static org.treatydb.kv.embedded.TemporaryStore.put;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;

/** A store closed under the hands of those who use it ends their work with one clear error, and not with the JVM. */
@Timeout(60)
class ClosingTest {

  private static final int THREADS = 6;
  private static final Set<ErrorCode> REFUSALS = EnumSet.of(ErrorCode.STORE_CLOSING, ErrorCode.STORE_CLOSED);

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  @Test
  void readersAndWritersAreRefusedWhileTheStoreCloses() throws InterruptedException {
    for (int round = 0; round < 12; round++) {
      EmbeddedStore store = new TemporaryStore(directory).open();
      closeUnder(store);
    }
  }

  @Test
  void readersAndWritersOfAMemoryStoreAreRefusedToo() throws InterruptedException {
    for (int round = 0; round < 12; round++) {
      closeUnder(EmbeddedStore.openInMemory());
    }
  }

  private static void closeUnder(KvStore store) throws InterruptedException {
    for (int i = 0; i < 40; i++) {
      put(store, "row%05d".formatted(i), "x".repeat(2000));
    }
    CountDownLatch working = new CountDownLatch(THREADS);
    Queue<Throwable> ends = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      threads.add(Thread.ofVirtual().start(() -> {
        try {
          for (int j = 0; ; j++) {
            if (number % 2 == 0) {
              readAll(store);
            } else {
              put(store, "row%05d".formatted(number * 1000 + j), "y".repeat(500));
            }
            working.countDown();
          }
        } catch (Throwable e) {
          ends.add(e);
        } finally {
          working.countDown();
        }
      }));
    }
    working.await();
    store.close();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(THREADS, ends.size());
    for (Throwable end : ends) {
      assertTrue(end instanceof KvException.Closed closed && REFUSALS.contains(closed.code()), () -> "ended by " + end);
    }
  }

  private static void readAll(KvStore store) {
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY); KvCursor cursor = snapshot.scan(KeyRange.ALL)) {
      while (cursor.next()) {
        assertTrue(cursor.value().length > 0);
      }
      snapshot.get(bytes("row00001"));
    }
  }
}
