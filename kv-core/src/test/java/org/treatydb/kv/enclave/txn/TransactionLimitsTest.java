package org.treatydb.kv.enclave.txn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.api.TransactionView.Kind;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.enclave.lock.ManualClock;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.store.MemoryHost;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.host.memory.MemorySealedStore;

/** What ends a transaction from outside, and what its owner is told. */
@Timeout(60)
class TransactionLimitsTest {

  private static final byte[] KEY = bytes("key");
  private static final byte[] VALUE = bytes("value");
  private static final TransactionLimits LIMITS = TransactionLimits.DEFAULT
      .withIdleTimeout(Duration.ofSeconds(20)).withTimeout(Duration.ofSeconds(100)).withUncommittedBytesMax(100_000);
  private static final StoreLimits STORE_LIMITS = new StoreLimits(32 << 20, 2, 128 << 20, 64, SealedLog.Limits.DEFAULT);

  private final ManualClock clock = new ManualClock();
  private final TransactionalStore store = new MemoryHost(new MemorySealedStore(), clock).open(STORE_LIMITS, LIMITS);

  @AfterEach
  void close() {
    store.close();
    assertEquals(0, store.uncommittedBytes());
    assertTrue(store.transactions().isEmpty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static TransactionOptions options(Kind kind) {
    return switch (kind) {
      case READ_ONLY -> TransactionOptions.READ_ONLY;
      case PESSIMISTIC -> TransactionOptions.READ_WRITE;
      case OPTIMISTIC -> TransactionOptions.OPTIMISTIC;
    };
  }

  /** Without a limit to its age: the clock of these tests may run far ahead of the thread that looks at it. */
  private static TransactionOptions mayLast(TransactionOptions options) {
    return options.withTimeout(TransactionLimits.UNLIMITED);
  }

  /** Lets time go by until there is no transaction any more; returns how much. */
  private Duration untilAllHaveEnded() {
    long begun = clock.nanoTime();
    while (!store.transactions().isEmpty()) {
      clock.advance(TimeUnit.MILLISECONDS.toNanos(500));
      Thread.yield();
    }
    return Duration.ofNanos(clock.nanoTime() - begun);
  }

  private static void assertEnded(ErrorCode reason, Runnable call) {
    assertEquals(reason, assertThrows(KvException.Closed.class, call::run).code());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anAbandonedTransactionIsEnded(Kind kind) {
    try (KvTransaction transaction = store.begin(mayLast(options(kind)))) {
      transaction.get(KEY);
      KvCursor cursor = transaction.scan(KeyRange.ALL);
      assertFalse(cursor.next());
      assertTrue(untilAllHaveEnded().compareTo(Duration.ofSeconds(20)) >= 0);
      assertTrue(store.locks().holders().isEmpty());
      assertEnded(ErrorCode.IDLE_TIMEOUT, cursor::next);
      assertEnded(ErrorCode.IDLE_TIMEOUT, () -> transaction.get(KEY));
      assertEnded(ErrorCode.IDLE_TIMEOUT, transaction::commit);
      cursor.close();
      transaction.rollback();
    }
    assertEquals("25P03", ErrorCode.IDLE_TIMEOUT.sqlState());
  }

  @Test
  void whoWaitsForAnAbandonedTransactionsLocksGetsThem() throws InterruptedException {
    KvTransaction abandoned = store.begin(mayLast(TransactionOptions.READ_WRITE));
    abandoned.put(KEY, bytes("never committed"));
    List<byte[]> read = new ArrayList<>();
    TransactionOptions patient = mayLast(TransactionOptions.READ_WRITE).withLockTimeout(TransactionLimits.UNLIMITED);
    Thread waiter = Thread.ofVirtual().start(() -> {
      try (KvTransaction transaction = store.begin(patient)) {
        read.add(transaction.get(KEY));
        transaction.commit();
      }
    });
    untilAllHaveEnded();
    waiter.join();
    assertNull(read.getFirst());
    assertEnded(ErrorCode.IDLE_TIMEOUT, abandoned::commit);
  }

  @Test
  void whoWaitsForALockWaitsNoLongerThanItMayLast() throws InterruptedException {
    TransactionOptions patient = TransactionOptions.READ_WRITE.withTimeout(TransactionLimits.UNLIMITED)
        .withIdleTimeout(TransactionLimits.UNLIMITED).withLockTimeout(TransactionLimits.UNLIMITED);
    try (KvTransaction holder = store.begin(patient)) {
      holder.put(KEY, VALUE);
      long begun = clock.nanoTime();
      Thread waiter = Thread.ofVirtual().start(() -> {
        try (KvTransaction transaction = store.begin(patient.withTimeout(Duration.ofSeconds(3)))) {
          transaction.put(bytes("other"), VALUE);
          assertEnded(ErrorCode.TRANSACTION_TIMEOUT, () -> transaction.get(KEY));
          assertEnded(ErrorCode.TRANSACTION_TIMEOUT, transaction::commit);
          assertEquals(Duration.ofSeconds(3), Duration.ofNanos(clock.nanoTime() - begun));
        }
      });
      Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
      waiter.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
      while (store.locks().waiters().isEmpty()) {
        Thread.yield();
      }
      clock.advance(TimeUnit.SECONDS.toNanos(3));
      waiter.join();
      assertTrue(failures.isEmpty(), () -> "failed: " + failures.peek());
      assertEquals(1, store.locks().holders().size());
    }
  }

  @Test
  void whoseOwnerCallsNowAndThenIsNotIdleButMayNotLastForEver() {
    KvTransaction transaction = store.begin();
    long[] seconds = {0};
    assertEnded(ErrorCode.TRANSACTION_TIMEOUT, () -> {
      while (true) {
        transaction.put(KEY, VALUE);
        clock.advance(TimeUnit.SECONDS.toNanos(1));
        seconds[0]++;
        Thread.yield();
      }
    });
    assertTrue(seconds[0] >= 100, "ended after " + seconds[0] + " s");
    assertEquals("25P04", ErrorCode.TRANSACTION_TIMEOUT.sqlState());
  }

  @Test
  void aTransactionsOwnTimeoutsGoBeforeTheStores() {
    TransactionOptions endless = TransactionOptions.READ_WRITE
        .withTimeout(TransactionLimits.UNLIMITED).withIdleTimeout(TransactionLimits.UNLIMITED);
    try (KvTransaction patient = store.begin(endless); KvTransaction brief = store.begin(
        endless.withTimeout(Duration.ofMillis(100))); KvTransaction other = store.begin(endless.withIdleTimeout(Duration.ofSeconds(5)))) {
      while (store.transactions().size() > 1) {
        clock.advance(TimeUnit.MILLISECONDS.toNanos(10));
        Thread.yield();
      }
      assertEnded(ErrorCode.TRANSACTION_TIMEOUT, () -> brief.get(KEY));
      assertEnded(ErrorCode.IDLE_TIMEOUT, () -> other.get(KEY));
      clock.advance(TimeUnit.DAYS.toNanos(1000));
      patient.put(KEY, VALUE);
      patient.commit();
    }
  }

  @Test
  void writesOfAllTransactionsTogetherAreBounded() {
    try (KvTransaction one = store.begin(); KvTransaction two = store.begin(TransactionOptions.OPTIMISTIC)) {
      one.put(bytes("a"), new byte[60_000]);
      KvException.InvalidRequest refusal =
          assertThrows(KvException.InvalidRequest.class, () -> two.put(bytes("b"), new byte[60_000]));
      assertEquals(ErrorCode.TOO_MANY_UNCOMMITTED_WRITES, refusal.code());
      assertEquals("53200", refusal.code().sqlState());
      two.put(bytes("b"), new byte[30_000]);
      one.commit();
      two.put(bytes("b"), new byte[60_000]);
      two.commit();
    }
    assertEquals(0, store.uncommittedBytes());
  }

  @Test
  void whatIsKeptToUndoCountsToo() {
    try (KvTransaction transaction = store.begin()) {
      transaction.put(KEY, new byte[30_000]);
      KvTransaction.Savepoint outer = transaction.savepoint();
      transaction.put(KEY, new byte[30_000]);
      KvTransaction.Savepoint inner = transaction.savepoint();
      transaction.delete(KEY);
      assertThrows(KvException.InvalidRequest.class, () -> transaction.put(KEY, new byte[50_000]));
      assertNull(transaction.get(KEY));
      transaction.rollbackTo(inner);
      transaction.put(KEY, new byte[30_000]);
      transaction.rollbackTo(outer);
      transaction.put(KEY, new byte[20_000]);
      transaction.release(outer);
      assertEquals(20_000 + KEY.length + 16, store.uncommittedBytes());
      assertEquals(store.uncommittedBytes(), store.transactions().getFirst().writtenBytes());
    }
    assertEquals(0, store.uncommittedBytes());
  }

  @Test
  void showsTheOpenTransactions() {
    try (KvTransaction one = store.begin(); KvTransaction two = store.begin(TransactionOptions.OPTIMISTIC)) {
      clock.advance(TimeUnit.SECONDS.toNanos(3));
      try (KvTransaction three = store.begin(TransactionOptions.READ_ONLY)) {
        one.put(bytes("a"), new byte[1_000]);
        List<TransactionView> views = store.transactions();
        assertEquals(List.of(one.id(), two.id(), three.id()), views.stream().map(TransactionView::id).toList());
        assertEquals(List.of(Kind.PESSIMISTIC, Kind.OPTIMISTIC, Kind.READ_ONLY), views.stream().map(TransactionView::kind).toList());
        assertEquals(List.of(1_017L, 0L, 0L), views.stream().map(TransactionView::writtenBytes).toList());
        assertEquals(Duration.ofSeconds(3), views.getFirst().age());
        assertEquals(Duration.ZERO, views.getFirst().idle());
        assertEquals(Duration.ZERO, views.getLast().age());
      }
      while (store.transactions().getLast().idle().compareTo(Duration.ofSeconds(2)) < 0) {
        clock.advance(TimeUnit.MILLISECONDS.toNanos(100));
        Thread.yield();
      }
    }
  }

  @Test
  void aClosingStoreRefusesWhatIsOpenAndWhatComes() throws InterruptedException {
    KvTransaction holder = store.begin();
    holder.put(KEY, VALUE);
    KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY);
    KvCursor cursor = snapshot.scan(KeyRange.ALL);
    Queue<ErrorCode> ends = new ConcurrentLinkedQueue<>();
    Thread waiter = Thread.ofVirtual().start(() -> {
      try (KvTransaction transaction = store.begin()) {
        while (true) {
          transaction.get(KEY);
        }
      } catch (KvException.Closed e) {
        ends.add(e.code());
      }
    });
    while (store.locks().waiters().isEmpty()) {
      Thread.yield();
    }
    store.close();
    waiter.join();
    assertEquals(1, ends.size());
    assertEnded(ErrorCode.STORE_CLOSING, holder::commit);
    assertEnded(ErrorCode.STORE_CLOSING, cursor::next);
    assertEnded(ErrorCode.STORE_CLOSING, () -> snapshot.get(KEY));
    assertEquals("57P01", ErrorCode.STORE_CLOSING.sqlState());
    assertEnded(ErrorCode.STORE_CLOSED, store::begin);
  }

  @Test
  void twoThreadsInOneTransactionAreRefused() throws InterruptedException {
    try (KvTransaction holder = store.begin(); KvTransaction transaction = store.begin()) {
      holder.put(KEY, VALUE);
      Thread waiter = Thread.ofVirtual().start(() -> assertThrows(KvException.class, () -> {
        transaction.get(KEY);
        transaction.get(KEY);
      }));
      while (store.locks().waiters().isEmpty()) {
        Thread.yield();
      }
      assertThrows(IllegalStateException.class, () -> transaction.get(bytes("other")));
      transaction.rollback();
      holder.commit();
      waiter.join();
      assertTrue(store.locks().holders().isEmpty());
    }
  }

  /** Owners that call just when their time is up: each call succeeds or tells why not, and nothing stays behind. */
  @Test
  void endingFromOutsideNeverRacesWithTheOwnersCalls() throws InterruptedException {
    EmbeddedStoreOptions brief = EmbeddedStoreOptions.defaults()
        .withTransactionLimits(TransactionLimits.DEFAULT.withIdleTimeout(Duration.ofMillis(2)).withTimeout(Duration.ofMillis(15)));
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    try (EmbeddedStore real = EmbeddedStore.openInMemory(brief)) {
      real.run(transaction -> {
        transaction.put(KEY, VALUE);
        return null;
      });
      int[] ended = new int[6];
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < ended.length; i++) {
        int number = i;
        threads.add(Thread.ofPlatform().start(() -> {
          try {
            for (int round = 0; round < 10_000 && ended[number] < 20; round++) {
              ended[number] += isEnded(real, options(Kind.values()[number % 3])) ? 1 : 0;
            }
          } catch (Throwable e) {
            failures.add(e);
          }
        }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertTrue(failures.isEmpty(), () -> "failed: " + failures.peek());
      for (int each : ended) {
        assertTrue(each > 0);
      }
      assertTrue(real.locks().holders().isEmpty());
      assertTrue(real.transactions().isEmpty());
    }
  }

  private static boolean isEnded(EmbeddedStore store, TransactionOptions options) {
    try (KvTransaction transaction = store.begin(options); KvCursor cursor = transaction.scan(KeyRange.ALL)) {
      assertTrue(cursor.next());
      long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(30));
      while (System.nanoTime() < until) {
        assertArrayEquals(VALUE, cursor.value());
        Thread.yield();
      }
      if (!options.readOnly()) {
        transaction.put(bytes("of " + Thread.currentThread().threadId()), VALUE);
      }
      transaction.commit();
      return false;
    } catch (KvException.Retryable e) {
      return false;
    } catch (KvException.Closed e) {
      assertTrue(e.code() == ErrorCode.IDLE_TIMEOUT || e.code() == ErrorCode.TRANSACTION_TIMEOUT, () -> "ended by " + e.code());
      return true;
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aCancelledTransactionReadsAndWritesNothingAndIsOtherwiseAsItWas(Kind kind) {
    store.run(transaction -> {
      transaction.put(KEY, VALUE);
      return null;
    });
    boolean writes = kind != Kind.READ_ONLY;
    try (KvTransaction transaction = store.begin(options(kind))) {
      KvTransaction.Savepoint before = writes ? transaction.savepoint() : null;
      if (writes) {
        transaction.put(bytes("undone"), VALUE);
      }
      KvCursor cursor = transaction.scan(new KeyRange(bytes(""), null));
      assertTrue(cursor.next());
      transaction.setCancelled(true);
      for (Runnable call : List.<Runnable>of(cursor::next, () -> transaction.get(KEY), () -> transaction.getForUpdate(KEY),
          () -> transaction.multiGet(List.of(KEY)), () -> transaction.scan(new KeyRange(bytes(""), null)),
          () -> transaction.put(KEY, VALUE), () -> transaction.delete(KEY))) {
        assertEquals(ErrorCode.CANCELLED, assertThrows(KvException.InvalidRequest.class, call::run).code());
      }
      if (writes) {
        transaction.rollbackTo(before);
      }
      transaction.setCancelled(false);
      cursor.close();
      assertArrayEquals(VALUE, transaction.get(KEY));
      if (writes) {
        transaction.put(bytes("kept"), VALUE);
      }
      transaction.commit();
    }
    store.run(transaction -> {
      assertNull(transaction.get(bytes("undone")));
      assertEquals(writes, transaction.get(bytes("kept")) != null);
      return null;
    });
  }
}
