package org.treatydb.kv.enclave.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.embedded.EmbeddedStore;

/** What a transaction sees of itself and of others. */
@Timeout(60)
class TransactionsTest {

  private static final TransactionOptions IMPATIENT = TransactionOptions.READ_WRITE.withLockTimeout(Duration.ofMillis(5));

  private final KvStore store = EmbeddedStore.openInMemory();

  @AfterEach
  void close() {
    store.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] value) {
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  private static void put(KvTransaction transaction, String key, String value) {
    transaction.put(bytes(key), bytes(value));
  }

  private static String get(KvTransaction transaction, String key) {
    return text(transaction.get(bytes(key)));
  }

  private void commit(String key, String value) {
    store.run(transaction -> {
      put(transaction, key, value);
      return null;
    });
  }

  private String committed(String key) {
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      return get(snapshot, key);
    }
  }

  private static List<String> scan(KvTransaction transaction, ScanOptions options) {
    List<String> found = new ArrayList<>();
    try (KvCursor cursor = transaction.scan(KeyRange.ALL, options)) {
      while (cursor.next()) {
        found.add(text(cursor.key()) + text(cursor.value()));
      }
    }
    return found;
  }

  @Test
  void aTransactionSeesItsOwnWritesAndNobodyElseDoes() {
    commit("a", "1");
    commit("b", "2");
    try (KvTransaction transaction = store.begin()) {
      put(transaction, "b", "mine");
      put(transaction, "c", "3");
      transaction.delete(bytes("a"));
      assertNull(get(transaction, "a"));
      assertEquals(List.of("bmine", "c3"), scan(transaction, ScanOptions.FORWARD));
      assertEquals(List.of("c3", "bmine"), scan(transaction, ScanOptions.REVERSE));
      assertEquals("2", committed("b"));
      assertNull(committed("c"));
      transaction.rollback();
    }
    assertEquals("1", committed("a"));
    assertEquals("2", committed("b"));
  }

  @Test
  void aCursorShowsWhatWasThereWhenItWasOpened() {
    commit("a", "1");
    try (KvTransaction transaction = store.begin(); KvCursor cursor = transaction.scan(KeyRange.ALL)) {
      put(transaction, "b", "later");
      assertTrue(cursor.next());
      assertEquals("a", text(cursor.key()));
      assertTrue(!cursor.next());
    }
  }

  @Test
  void savepointsNestAndStayValid() {
    try (KvTransaction transaction = store.begin()) {
      put(transaction, "a", "1");
      KvTransaction.Savepoint outer = transaction.savepoint();
      put(transaction, "a", "2");
      put(transaction, "b", "2");
      KvTransaction.Savepoint inner = transaction.savepoint();
      transaction.delete(bytes("a"));
      put(transaction, "c", "3");
      transaction.rollbackTo(inner);
      assertEquals(List.of("a2", "b2"), scan(transaction, ScanOptions.FORWARD));
      put(transaction, "c", "4");
      transaction.rollbackTo(inner);
      assertNull(get(transaction, "c"));
      transaction.rollbackTo(outer);
      assertEquals(List.of("a1"), scan(transaction, ScanOptions.FORWARD));
      assertThrows(KvException.InvalidRequest.class, () -> transaction.rollbackTo(inner));
      transaction.commit();
    }
    assertEquals("1", committed("a"));
    assertNull(committed("b"));
  }

  @Test
  void aReadOnlyTransactionReadsOneMomentAndWaitsForNobody() {
    commit("a", "old");
    try (KvTransaction writer = store.begin(); KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      put(writer, "a", "new");
      assertEquals("old", get(snapshot, "a"));
      writer.commit();
      commit("b", "newer");
      assertEquals("old", get(snapshot, "a"));
      assertNull(get(snapshot, "b"));
      assertEquals(List.of("aold"), scan(snapshot, ScanOptions.FORWARD));
    }
    assertEquals("new", committed("a"));
  }

  /** Both read x and y and write one of them: under snapshot isolation both would commit. */
  @Test
  void writeSkewIsPrevented() {
    commit("x", "on call");
    commit("y", "on call");
    AtomicInteger refused = new AtomicInteger();
    CountDownLatch bothHaveRead = new CountDownLatch(2);
    CompletableFuture<?>[] doctors = List.of("x", "y").stream().map(mine -> CompletableFuture.runAsync(() -> {
      try (KvTransaction transaction = store.begin()) {
        boolean bothOnCall = get(transaction, "x").equals("on call") && get(transaction, "y").equals("on call");
        bothHaveRead.countDown();
        bothHaveRead.await();
        if (bothOnCall) {
          put(transaction, mine, "off");
        }
        transaction.commit();
      } catch (KvException.Retryable e) {
        refused.incrementAndGet();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }, task -> Thread.ofVirtual().start(task))).toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(doctors).join();
    assertEquals(1, refused.get());
    assertTrue(committed("x").equals("on call") || committed("y").equals("on call"), "nobody is on call");
  }

  @Test
  void aScannedRangeGetsNoPhantoms() {
    commit("a", "1");
    try (KvTransaction reader = store.begin()) {
      assertEquals(1, scan(reader, ScanOptions.FORWARD).size());
      KvTransaction writer = store.begin(IMPATIENT);
      assertEquals(
          ErrorCode.LOCK_TIMEOUT, assertThrows(KvException.Retryable.class, () -> put(writer, "phantom", "boo")).code());
      assertThrows(KvException.Closed.class, () -> get(writer, "a"), "a refused transaction has ended");
      assertEquals(1, scan(reader, ScanOptions.FORWARD).size());
    }
    commit("phantom", "now it may come");
  }

  @Test
  void theRetryLoopRunsUntilTheWorkSucceeds() {
    AtomicInteger attempts = new AtomicInteger();
    String result = store.run(transaction -> {
      put(transaction, "attempt", String.valueOf(attempts.incrementAndGet()));
      if (attempts.get() < 3) {
        throw new KvException.Retryable(ErrorCode.DEADLOCK, "again");
      }
      return "done";
    });
    assertEquals("done", result);
    assertEquals("3", committed("attempt"));
    assertThrows(KvException.Retryable.class, () -> store.run(transaction -> {
      attempts.incrementAndGet();
      throw new KvException.Retryable(ErrorCode.DEADLOCK, "for ever");
    }));
    assertEquals(53, attempts.get());
    assertThrows(IllegalStateException.class, () -> store.run(transaction -> {
      put(transaction, "attempt", "of a broken program");
      throw new IllegalStateException("the program's own");
    }));
    assertEquals("3", committed("attempt"));
  }

  @Test
  void noIncrementIsLost() throws InterruptedException {
    commit("n", "0");
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      threads.add(Thread.ofVirtual().start(() -> {
        for (int j = 0; j < 25; j++) {
          store.run(transaction -> {
            int n = Integer.parseInt(text(transaction.getForUpdate(bytes("n"))));
            put(transaction, "n", String.valueOf(n + 1));
            return null;
          });
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals("400", committed("n"));
  }

  /** Two keys move together; no snapshot, however taken, sees them apart. */
  @Test
  void readersNeverSeeHalfACommit() throws InterruptedException {
    AtomicInteger apart = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    Thread reader = Thread.ofVirtual().start(() -> {
      while (done.getCount() > 0) {
        try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
          String left = get(snapshot, "left");
          Thread.yield();
          apart.addAndGet(Objects.equals(left, get(snapshot, "right")) ? 0 : 1);
        }
      }
    });
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      String value = String.valueOf(random.nextInt());
      store.run(transaction -> {
        put(transaction, "left", value);
        put(transaction, "right", value);
        return null;
      });
    }
    done.countDown();
    reader.join();
    assertEquals(0, apart.get());
  }

  @Test
  void idsNeverRepeat() {
    Set<TransactionId> ids = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      try (KvTransaction transaction = store.begin(i % 2 == 0 ? TransactionOptions.READ_WRITE : TransactionOptions.READ_ONLY)) {
        assertTrue(ids.add(transaction.id()));
      }
    }
  }
}
