package org.treatydb.kv.enclave.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.boundary.ForwardingCounter;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.LogTail;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.store.MemoryHost;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.host.memory.MemoryCounter;
import org.treatydb.kv.host.memory.MemorySealedStore;
import org.treatydb.kv.host.system.SystemClock;

/** While a commit is not stable yet, others may write what it has written, and nobody is told of it. */
@Timeout(60)
class EarlyReleaseTest {

  private static final StoreLimits LIMITS = new StoreLimits(1 << 20, 2, 1 << 20, 4, new SealedLog.Limits(1 << 20, 1 << 20, 32 << 20));
  private static final TransactionOptions IMPATIENT = TransactionOptions.READ_WRITE.withLockTimeout(Duration.ofMillis(5));
  private static final TransactionOptions EARLY = IMPATIENT.withEarlyReads(true);

  /** A counter that, once told to, lets the next round of the WAL wait until it is released, or fail then. */
  private static final class HeldCounter extends ForwardingCounter {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean holds;
    private volatile boolean fails;

    HeldCounter() {
      super(new MemoryCounter());
    }

    @Override
    public void confirm(long bootEpoch, LogName log, LogHead head, LogTail tail) {
      if (holds && log == LogName.WAL) {
        reached.countDown();
        try {
          released.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        if (fails) {
          throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "the counter has failed", null);
        }
      }
      super.confirm(bootEpoch, log, head, tail);
    }
  }

  private final HeldCounter counter = new HeldCounter();
  private final TransactionalStore store =
      new MemoryHost(new MemorySealedStore(), counter, new SystemClock()).open(LIMITS, TransactionLimits.DEFAULT);

  @BeforeEach
  void fill() {
    commit("a", "a0");
    commit("b", "b0");
  }

  @AfterEach
  void close() {
    counter.released.countDown();
    store.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] value) {
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  private Void commit(String key, String value) {
    try (KvTransaction transaction = store.begin(IMPATIENT)) {
      transaction.put(bytes(key), bytes(value));
      transaction.commit();
    }
    return null;
  }

  private String read(String key) {
    try (KvTransaction transaction = store.begin(IMPATIENT)) {
      String value = text(transaction.get(bytes(key)));
      transaction.commit();
      return value;
    }
  }

  private String committed(String key) {
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      return text(snapshot.get(bytes(key)));
    }
  }

  /** Work in a thread of its own, which waits now. */
  private static <T> FutureTask<T> waiting(Callable<T> work) {
    FutureTask<T> result = new FutureTask<>(work);
    Thread thread = Thread.ofPlatform().daemon().start(result);
    while (thread.getState() != Thread.State.WAITING && !result.isDone()) {
      Thread.yield();
    }
    assertFalse(result.isDone(), "it has waited for nothing");
    return result;
  }

  /** A commit that is not stable until the counter is released. */
  private FutureTask<Void> unstable(String key, String value) throws InterruptedException {
    counter.holds = true;
    FutureTask<Void> commit = new FutureTask<>(() -> commit(key, value));
    Thread.ofPlatform().daemon().start(commit);
    counter.reached.await();
    return commit;
  }

  private void release() {
    counter.holds = false;
    counter.released.countDown();
  }

  @Test
  void othersWriteTheSameKeyMeanwhileAndTheLastOneWins() throws Exception {
    FutureTask<Void> first = unstable("a", "a1");
    FutureTask<Void> second = waiting(() -> commit("a", "a2"));
    FutureTask<Void> third = waiting(() -> commit("a", "a3"));
    assertEquals("a0", committed("a"), "a snapshot sees what is stable");
    release();
    first.get();
    second.get();
    third.get();
    assertEquals("a3", committed("a"));
    assertEquals("a3", read("a"));
  }

  @Test
  void whoReadsItWaits() throws Exception {
    unstable("a", "a1");
    FutureTask<String> one = waiting(() -> read("a"));
    FutureTask<String> many = waiting(() -> {
      try (KvTransaction transaction = store.begin(IMPATIENT)) {
        return text(transaction.multiGet(Stream.of("b", "a").map(EarlyReleaseTest::bytes).toList()).getLast());
      }
    });
    FutureTask<String> scan = waiting(() -> {
      try (KvTransaction transaction = store.begin(IMPATIENT); KvCursor cursor = transaction.scan(KeyRange.ALL)) {
        cursor.next();
        return text(cursor.value());
      }
    });
    assertEquals("b0", read("b"), "nothing is waited for that was not read");
    release();
    assertEquals("a1", one.get());
    assertEquals("a1", many.get());
    assertEquals("a1", scan.get());
  }

  @Test
  void anEarlyReaderReadsItAndWaitsWhenItEnds() throws Exception {
    unstable("a", "a1");
    FutureTask<Void> delete = waiting(() -> {
      try (KvTransaction transaction = store.begin(IMPATIENT)) {
        transaction.delete(bytes("b"));
        transaction.commit();
        return null;
      }
    });
    KvTransaction committing = store.begin(EARLY);
    assertEquals("a1", text(committing.get(bytes("a"))));
    KvTransaction undone = store.begin(EARLY);
    assertEquals("a1", text(undone.multiGet(Stream.of("b", "a").map(EarlyReleaseTest::bytes).toList()).getLast()));
    assertNull(undone.get(bytes("b")));
    FutureTask<Void> commit = waiting(() -> {
      committing.commit();
      return null;
    });
    FutureTask<Void> rollback = waiting(() -> {
      undone.rollback();
      return null;
    });
    release();
    commit.get();
    rollback.get();
    delete.get();
  }

  @Test
  void earlyReadersBuildOnEachOther() throws Exception {
    unstable("a", "1");
    FutureTask<Integer> second = waiting(this::increment);
    FutureTask<Integer> third = waiting(this::increment);
    release();
    assertEquals(5, second.get() + third.get());
    assertEquals("3", committed("a"));
  }

  private int increment() {
    return store.run(IMPATIENT, transaction -> {
      int next = Integer.parseInt(text(transaction.getForUpdate(bytes("a")))) + 1;
      transaction.put(bytes("a"), bytes(String.valueOf(next)));
      return next;
    });
  }

  @Test
  void whatItsWorkThrowsIsToldOnlyWhenItIsTrue() throws Exception {
    unstable("a", "a1");
    FutureTask<Void> refused = waiting(() -> store.run(transaction -> {
      throw new IllegalArgumentException("there is " + text(transaction.get(bytes("a"))));
    }));
    release();
    assertEquals("there is a1", assertThrows(ExecutionException.class, refused::get).getCause().getMessage());
  }

  @Test
  void nobodyIsToldOfItIfItIsLost() throws Exception {
    FutureTask<Void> first = unstable("a", "a1");
    FutureTask<String> reader = waiting(() -> read("a"));
    FutureTask<Integer> run = waiting(() -> store.run(transaction -> {
      throw new IllegalArgumentException("there is " + text(transaction.get(bytes("a"))));
    }));
    counter.fails = true;
    counter.released.countDown();
    assertEquals(KvException.UnknownOutcome.class, assertThrows(ExecutionException.class, first::get).getCause().getClass());
    assertEquals(KvException.Unavailable.class, assertThrows(ExecutionException.class, reader::get).getCause().getClass());
    assertEquals(KvException.Unavailable.class, assertThrows(ExecutionException.class, run::get).getCause().getClass());
  }

  @Test
  void anOptimisticTransactionThatHasReadWhatWasBeforeIsRefusedAtOnce() throws Exception {
    KvTransaction reader = store.begin(TransactionOptions.OPTIMISTIC);
    KvTransaction scanner = store.begin(TransactionOptions.OPTIMISTIC);
    assertEquals("a0", text(reader.get(bytes("a"))));
    try (KvCursor cursor = scanner.scan(KeyRange.ALL)) {
      cursor.next();
    }
    unstable("a", "a1");
    for (KvTransaction each : new KvTransaction[] {reader, scanner}) {
      each.put(bytes("c"), bytes("c1"));
      assertThrows(KvException.Retryable.class, each::commit);
    }
  }

  @Test
  void anOptimisticTransactionThatReadsToWriteIsRefusedAtTheRead() throws Exception {
    unstable("a", "a1");
    try (KvTransaction transaction = store.begin(TransactionOptions.OPTIMISTIC)) {
      assertEquals("a0", text(transaction.get(bytes("a"))), "it may yet write nothing");
      assertEquals("b0", text(transaction.getForUpdate(bytes("b"))));
      assertThrows(KvException.Retryable.class, () -> transaction.getForUpdate(bytes("a")));
    }
  }

  @Test
  void anOptimisticTransactionThatHasLostWaitsForNoLocks() throws Exception {
    KvTransaction lost = store.begin(TransactionOptions.OPTIMISTIC);
    lost.get(bytes("a"));
    lost.put(bytes("b"), bytes("b1"));
    unstable("a", "a1");
    try (KvTransaction holder = store.begin(IMPATIENT)) {
      holder.getForUpdate(bytes("b"));
      assertEquals(ErrorCode.SERIALIZATION_CONFLICT, assertThrows(KvException.Retryable.class, lost::commit).code());
    }
  }

  @Test
  void aCommitOfManyWritesKeepsItsLocks() throws Exception {
    counter.holds = true;
    FutureTask<Void> large = new FutureTask<>(() -> {
      try (KvTransaction transaction = store.begin()) {
        IntStream.range(0, 65).forEach(i -> transaction.put(bytes("many" + i), bytes("1")));
        transaction.commit();
        return null;
      }
    });
    Thread.ofPlatform().daemon().start(large);
    counter.reached.await();
    assertThrows(KvException.Retryable.class, () -> commit("many7", "2"));
    release();
    large.get();
    commit("many7", "2");
    assertEquals("2", committed("many7"));
  }

  @Test
  void aLoadWaitsToSeeWhetherItsRangeIsEmpty() throws Exception {
    unstable("c", "c1");
    FutureTask<Long> load = waiting(() -> store.load(
        new KeyRange(bytes("c"), null), Stream.of(new KeyValue(bytes("d"), bytes("d1"))).iterator()));
    release();
    assertEquals(KvException.InvalidRequest.class, assertThrows(ExecutionException.class, load::get).getCause().getClass());
  }
}
