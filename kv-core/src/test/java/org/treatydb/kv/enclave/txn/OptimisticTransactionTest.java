package org.treatydb.kv.enclave.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.embedded.EmbeddedStore;

/** What an optimistic transaction sees, and when its commit is refused. */
@Timeout(60)
class OptimisticTransactionTest {

  private static final TransactionOptions IMPATIENT = TransactionOptions.READ_WRITE.withLockTimeout(Duration.ofMillis(5));

  private final EmbeddedStore store = EmbeddedStore.openInMemory();

  @BeforeEach
  void fill() {
    for (String key : List.of("b", "d", "f", "h")) {
      commit(key, key + "0");
    }
  }

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

  private KvTransaction optimistic() {
    return store.begin(TransactionOptions.OPTIMISTIC);
  }

  private void commit(String key, String value) {
    store.run(transaction -> {
      if (value == null) {
        transaction.delete(bytes(key));
      } else {
        transaction.put(bytes(key), bytes(value));
      }
      return null;
    });
  }

  private String committed(String key) {
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      return text(snapshot.get(bytes(key)));
    }
  }

  /** Reads the first {@code count} entries. */
  private static List<String> read(KvTransaction transaction, KeyRange range, boolean reverse, int count) {
    List<String> found = new ArrayList<>();
    try (KvCursor cursor = transaction.scan(range, reverse ? ScanOptions.REVERSE : ScanOptions.FORWARD)) {
      while (found.size() < count && cursor.next()) {
        found.add(text(cursor.value()));
      }
    }
    return found;
  }

  private void assertRefused(KvTransaction transaction) {
    transaction.put(bytes("mine"), bytes("written"));
    KvException.Retryable refusal = assertThrows(KvException.Retryable.class, transaction::commit);
    assertEquals(ErrorCode.SERIALIZATION_CONFLICT, refusal.code());
    assertEquals("40001", refusal.code().sqlState());
    assertThrows(KvException.Closed.class, () -> transaction.get(bytes("b")), "a refused transaction has ended");
    assertNull(committed("mine"));
    assertTrue(store.locks().holders().isEmpty());
  }

  private void assertCommitted(KvTransaction transaction) {
    transaction.put(bytes("mine"), bytes("written"));
    transaction.commit();
    assertEquals("written", committed("mine"));
    assertTrue(store.locks().holders().isEmpty());
  }

  @Test
  void readsItsSnapshotAndItsOwnWrites() {
    try (KvTransaction transaction = optimistic()) {
      commit("b", "b1");
      commit("a", "a1");
      assertEquals("b0", text(transaction.get(bytes("b"))));
      transaction.put(bytes("c"), bytes("own"));
      transaction.delete(bytes("d"));
      assertEquals(List.of("b0", "own", "f0", "h0"), read(transaction, KeyRange.ALL, false, 10));
      assertEquals(List.of("h0", "f0", "own", "b0"), read(transaction, KeyRange.ALL, true, 10));
      assertNull(transaction.getForUpdate(bytes("d")));
      assertRefused(transaction);
    }
  }

  @Test
  void locksNothingBeforeItsCommit() {
    try (KvTransaction transaction = optimistic(); KvTransaction other = store.begin(IMPATIENT)) {
      transaction.getForUpdate(bytes("b"));
      transaction.put(bytes("d"), bytes("d1"));
      read(transaction, KeyRange.ALL, false, 10);
      assertTrue(store.locks().holders().isEmpty());
      other.put(bytes("b"), bytes("b1"));
      other.commit();
      assertRefused(transaction);
    }
  }

  @Test
  void aKeyReadAndChangedSinceIsAConflict() {
    try (KvTransaction transaction = optimistic()) {
      transaction.get(bytes("b"));
      commit("b", "b1");
      assertRefused(transaction);
    }
  }

  @Test
  void aKeyFoundMissingAndInsertedSinceIsAConflict() {
    try (KvTransaction transaction = optimistic()) {
      assertNull(transaction.get(bytes("c")));
      commit("c", "c1");
      assertRefused(transaction);
    }
  }

  @Test
  void aKeyReadAndDeletedSinceIsAConflict() {
    try (KvTransaction transaction = optimistic()) {
      transaction.multiGet(List.of(bytes("b"), bytes("d")));
      commit("d", null);
      assertRefused(transaction);
    }
  }

  @Test
  void aPhantomInARangeReadIsAConflict() {
    try (KvTransaction transaction = optimistic()) {
      assertEquals(List.of("d0", "f0"), read(transaction, new KeyRange(bytes("c"), bytes("g")), false, 10));
      commit("g", "behind the range");
      commit("b", "before it");
      commit("f!", "phantom");
      assertRefused(transaction);
    }
  }

  @Test
  void changesBesideWhatWasReadAreNoConflict() {
    try (KvTransaction transaction = optimistic()) {
      read(transaction, new KeyRange(bytes("c"), bytes("g")), false, 10);
      transaction.get(bytes("x"));
      commit("b", "b1");
      commit("g", "g1");
      commit("h", "h1");
      commit("w", "w1");
      assertCommitted(transaction);
    }
  }

  @Test
  void aScanCountsAsFarAsItWent() {
    try (KvTransaction first = optimistic(); KvTransaction last = optimistic(); KvTransaction none = optimistic();
        KvTransaction met = optimistic()) {
      assertEquals(List.of("b0", "d0"), read(first, KeyRange.ALL, false, 2));
      assertEquals(List.of("h0", "f0"), read(last, KeyRange.ALL, true, 2));
      read(none, KeyRange.ALL, false, 0);
      read(met, KeyRange.ALL, false, 2);
      commit("e", "in the middle");
      assertCommitted(first);
      assertCommitted(none);
      commit("mine", null);
      commit("c", "between the first two");
      assertRefused(met);
      assertRefused(last);
    }
  }

  @Test
  void aCursorStillOpenCountsToo() {
    try (KvTransaction transaction = optimistic()) {
      KvCursor cursor = transaction.scan(KeyRange.ALL);
      assertTrue(cursor.next());
      commit("a", "before what was seen");
      assertRefused(transaction);
      assertThrows(KvException.Closed.class, cursor::next);
    }
  }

  @Test
  void blindWritesAreNoConflict() {
    try (KvTransaction transaction = optimistic()) {
      transaction.put(bytes("b"), bytes("blind"));
      transaction.get(bytes("b"));
      commit("b", "b1");
      assertCommitted(transaction);
      assertEquals("blind", committed("b"));
    }
  }

  @Test
  void whoWroteNothingIsNeverRefused() {
    try (KvTransaction transaction = optimistic()) {
      transaction.get(bytes("b"));
      KvTransaction.Savepoint before = transaction.savepoint();
      transaction.put(bytes("b"), bytes("undone"));
      transaction.rollbackTo(before);
      commit("b", "b1");
      assertEquals("b0", text(transaction.get(bytes("b"))));
      transaction.commit();
      assertEquals("b1", committed("b"));
    }
  }

  @Test
  void ofTwoThatReadWhatTheOtherWritesOneIsRefused() {
    try (KvTransaction one = optimistic(); KvTransaction two = optimistic()) {
      one.get(bytes("b"));
      two.get(bytes("d"));
      one.put(bytes("d"), bytes("d1"));
      two.put(bytes("b"), bytes("b1"));
      one.commit();
      assertRefused(two);
    }
  }

  @Test
  void itsCommitWaitsForAPessimisticTransactionsLocks() throws InterruptedException {
    try (KvTransaction holder = store.begin(); KvTransaction transaction = optimistic()) {
      transaction.get(bytes("b"));
      transaction.put(bytes("d"), bytes("d1"));
      holder.put(bytes("b"), bytes("b1"));
      List<ErrorCode> end = new ArrayList<>();
      Thread committer = Thread.ofVirtual().start(() -> {
        try {
          transaction.commit();
        } catch (KvException.Retryable e) {
          end.add(e.code());
        }
      });
      while (store.locks().waiters().isEmpty()) {
        Thread.yield();
      }
      holder.commit();
      committer.join();
      assertEquals(List.of(ErrorCode.SERIALIZATION_CONFLICT), end);
      assertEquals("d0", committed("d"));
    }
  }

  @Test
  void aLockThatIsNotFreeInTimeRefusesTheCommit() {
    try (KvTransaction holder = store.begin();
        KvTransaction transaction = store.begin(TransactionOptions.OPTIMISTIC.withLockTimeout(Duration.ofMillis(5)))) {
      holder.getForUpdate(bytes("b"));
      transaction.get(bytes("b"));
      transaction.put(bytes("mine"), bytes("written"));
      assertEquals(ErrorCode.LOCK_TIMEOUT, assertThrows(KvException.Retryable.class, transaction::commit).code());
      holder.rollback();
      assertNull(committed("mine"));
      assertTrue(store.locks().holders().isEmpty());
    }
  }

  @Test
  void theRetryLoopRunsOptimisticTransactionsUntilTheyCommit() throws InterruptedException {
    commit("n", "0");
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(Thread.ofVirtual().start(() -> {
        for (int j = 0; j < 10; j++) {
          store.run(TransactionOptions.OPTIMISTIC, transaction -> {
            int n = Integer.parseInt(text(transaction.get(bytes("n"))));
            Thread.yield();
            transaction.put(bytes("n"), bytes(String.valueOf(n + 1)));
            return null;
          });
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals("80", committed("n"));
  }

  @Test
  void whoHasLostIsRunPessimistically() {
    int[] attempts = {0};
    store.run(TransactionOptions.OPTIMISTIC, transaction -> {
      attempts[0]++;
      String read = text(transaction.get(bytes("b")));
      try (KvTransaction other = store.begin(TransactionOptions.READ_WRITE.withLockTimeout(Duration.ZERO))) {
        other.put(bytes("b"), bytes("taken " + attempts[0]));
        other.commit();
      } catch (KvException.Retryable e) {
        assertEquals(ErrorCode.LOCK_TIMEOUT, e.code(), "the read locked the key: the attempt was a pessimistic one");
      }
      transaction.put(bytes("b"), bytes(read + ", read"));
      return null;
    });
    assertEquals(2, attempts[0]);
    assertEquals("taken 1, read", committed("b"));
  }
}
