package org.treatydb.kv.enclave.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.kv.api.ConcurrencyControl;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.boundary.ForwardingCounter;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.LogTail;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.txn.TransactionalStore;
import org.treatydb.kv.host.memory.MemoryCounter;
import org.treatydb.kv.host.memory.MemorySealedStore;

/** A bulk load is one transaction: all of it or nothing, at one moment, and then like any rows. */
@Timeout(120)
class LoadTest {

  private static final StoreLimits TINY = new StoreLimits(16 << 10, 2, 64 << 10, 4, new SealedLog.Limits(16 << 10, 8 << 10, 64 << 10));
  private static final KeyRange LOADED = new KeyRange(key(1000), key(2000));

  private final MemoryHost host = new MemoryHost(new MemorySealedStore());
  private final Random random = new Random(Long.getLong("seed", 9));

  private static byte[] key(int i) {
    return "row%05d".formatted(i).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] value(int i) {
    return ("value " + i + " ").repeat(12).getBytes(StandardCharsets.US_ASCII);
  }

  private static Iterator<KeyValue> rows(int from, int to) {
    return rows(from, to, i -> { });
  }

  /** {@code before}: runs before the load gets row {@code i}. */
  private static Iterator<KeyValue> rows(int from, int to, IntConsumer before) {
    return IntStream.range(from, to).mapToObj(i -> {
      before.accept(i);
      return new KeyValue(key(i), value(i));
    }).iterator();
  }

  private static void put(KvStore store, int i, byte[] value) {
    store.run(transaction -> {
      transaction.put(key(i), value);
      return null;
    });
  }

  private static NavigableMap<byte[], byte[]> scan(KvTransaction transaction, KeyRange range) {
    NavigableMap<byte[], byte[]> found = new TreeMap<>(Arrays::compareUnsigned);
    try (KvCursor cursor = transaction.scan(range)) {
      while (cursor.next()) {
        found.put(cursor.key(), cursor.value());
      }
    }
    return found;
  }

  private static void assertHolds(KvStore store, KeyRange range, NavigableMap<Integer, byte[]> model) {
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      assertHolds(snapshot, range, model);
    }
  }

  private static void assertHolds(KvTransaction snapshot, KeyRange range, NavigableMap<Integer, byte[]> model) {
    NavigableMap<byte[], byte[]> found = scan(snapshot, range);
    assertArrayEquals(model.keySet().stream().map(LoadTest::key).toArray(), found.keySet().toArray());
    assertArrayEquals(model.values().toArray(), found.values().toArray());
    List<byte[]> gotten = snapshot.multiGet(model.keySet().stream().map(LoadTest::key).toList());
    assertArrayEquals(model.values().toArray(), gotten.toArray());
  }

  private static NavigableMap<Integer, byte[]> model(int from, int to) {
    NavigableMap<Integer, byte[]> model = new TreeMap<>();
    IntStream.range(from, to).forEach(i -> model.put(i, value(i)));
    return model;
  }

  @Test
  void laterReadersSeeAllOfItAndEarlierOnesNothing() {
    try (TransactionalStore store = host.open(TINY);
        KvTransaction before = store.begin(TransactionOptions.READ_ONLY)) {
      List<KvTransaction> during = new ArrayList<>();
      assertEquals(500, store.load(LOADED, rows(1000, 1500, i -> {
        if (i == 1400) {
          during.add(store.begin(TransactionOptions.READ_ONLY));
        }
      })));
      assertHolds(store, LOADED, model(1000, 1500));
      assertHolds(before, LOADED, model(0, 0));
      assertHolds(during.getFirst(), LOADED, model(0, 0));
      during.getFirst().close();
    }
    assertEquals(500, host.inspect().versions());
    try (TransactionalStore store = host.open(TINY)) {
      assertHolds(store, KeyRange.ALL, model(1000, 1500));
    }
  }

  /** Rows below and above, rows that were deleted from it, in leaves and in memtables; and what is done to it afterwards. */
  @Test
  void itStandsAmongOtherRowsAndIsChangedLikeThem() {
    for (int round = 0; round < 8; round++) {
      MemoryHost fresh = new MemoryHost(new MemorySealedStore());
      NavigableMap<Integer, byte[]> model = new TreeMap<>();
      try (TransactionalStore store = fresh.open(TINY)) {
        for (int i = random.nextInt(2) * 300; i > 0; i--) {
          change(store, model, 3000);
        }
        for (int i = 1000; i < 2000; i++) {
          int row = i;
          if (model.remove(row) != null) {
            store.run(transaction -> {
              transaction.delete(key(row));
              return null;
            });
          }
        }
        int rows = random.nextInt(900);
        assertEquals(rows, store.load(LOADED, rows(1000, 1000 + rows)));
        model.putAll(model(1000, 1000 + rows));
        assertHolds(store, KeyRange.ALL, model);
      }
      fresh.inspect();
      try (TransactionalStore store = fresh.open(TINY)) {
        for (int i = 0; i < 200; i++) {
          change(store, model, 2200);
        }
        assertHolds(store, KeyRange.ALL, model);
      }
      fresh.inspect();
      try (TransactionalStore store = fresh.open(TINY)) {
        assertHolds(store, KeyRange.ALL, model);
      }
    }
  }

  private void change(KvStore store, NavigableMap<Integer, byte[]> model, int rows) {
    int row = random.nextInt(rows);
    if (random.nextInt(4) == 0) {
      model.remove(row);
      store.run(transaction -> {
        transaction.delete(key(row));
        return null;
      });
    } else {
      byte[] value = new byte[random.nextInt(250)];
      model.put(row, value);
      put(store, row, value);
    }
  }

  @Test
  void everyKeyCanBeLoaded() {
    try (TransactionalStore store = host.open(TINY)) {
      assertEquals(0, store.load(KeyRange.ALL, rows(0, 0)));
      assertEquals(300, store.load(KeyRange.ALL, rows(0, 300)));
      assertEquals(300, store.load(new KeyRange(key(300), null), rows(300, 600)));
      assertHolds(store, KeyRange.ALL, model(0, 600));
    }
    assertEquals(600, host.inspect().versions());
  }

  @Test
  void whatCannotBeLoadedChangesNothing() {
    MemoryHost untouched = new MemoryHost(new MemorySealedStore());
    try (TransactionalStore store = untouched.open(TINY)) {
      put(store, 1600, value(1));
      refused("there are rows", store, rows(1000, 1500));
      store.run(transaction -> {
        transaction.delete(key(1600));
        return null;
      });
      refused("outside its range", store, rows(1500, 2001));
      refused("outside its range", store, rows(999, 1100));
      List<KeyValue> twice = new ArrayList<>();
      rows(1000, 1500).forEachRemaining(twice::add);
      twice.add(twice.getLast());
      refused("larger key", store, twice.iterator());
      refused("larger key", store, twice.reversed().iterator());
      KvException tooLong = assertThrows(KvException.InvalidRequest.class, () -> store.load(
          LOADED, List.of(new KeyValue(key(1000), new byte[KvStore.VALUE_BYTES_MAX + 1])).iterator()));
      assertEquals(ErrorCode.LIMIT_EXCEEDED, tooLong.code());
      assertThrows(ArithmeticException.class, () -> store.load(LOADED, rows(1000, 1500, i -> Math.floorDiv(i, 1400 - i))));
      assertHolds(store, KeyRange.ALL, model(0, 0));
      store.load(LOADED, rows(1000, 1300));
      assertHolds(store, KeyRange.ALL, model(1000, 1300));
    }
    assertEquals(300, untouched.inspect().versions());
  }

  private static void refused(String why, TransactionalStore store, Iterator<KeyValue> rows) {
    KvException refused = assertThrows(KvException.InvalidRequest.class, () -> store.load(LOADED, rows));
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
  }

  @Test
  void rowsThatASnapshotStillReadsAreNotBuried() {
    try (TransactionalStore store = host.open(TINY)) {
      put(store, 1200, value(7));
      try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
        store.run(transaction -> {
          transaction.delete(key(1200));
          return null;
        });
        refused("a snapshot is open", store, rows(1000, 1500));
        assertArrayEquals(value(7), snapshot.get(key(1200)));
      }
      assertEquals(500, store.load(LOADED, rows(1000, 1500)));
      assertHolds(store, LOADED, model(1000, 1500));
    }
  }

  /** Keeps leaves, and at times fails when one is to be deleted. */
  private static final class FailingDeletes implements SealedStore {

    private final SealedStore leaves = new MemorySealedStore();
    private volatile boolean failing;

    @Override
    public Snapshot snapshot() {
      return leaves.snapshot();
    }

    @Override
    public void apply(List<Edit> edits) {
      if (failing && edits.stream().anyMatch(edit -> edit instanceof Edit.Delete)) {
        throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "the disk is full", null);
      }
      leaves.apply(edits);
    }

    @Override
    public void sync() {
      leaves.sync();
    }

    @Override
    public void close() {
      leaves.close();
    }
  }

  @Test
  void whenTheDiskFailsBehindItsCommitNobodyIsToldThatNothingHappened() {
    FailingDeletes leaves = new FailingDeletes();
    MemoryHost failing = new MemoryHost(leaves);
    try (TransactionalStore store = failing.open(TINY)) {
      put(store, 900, value(900));
      put(store, 2500, value(2500));
    }
    try (TransactionalStore store = failing.open(TINY)) {
      leaves.failing = true;
      assertThrows(KvException.UnknownOutcome.class, () -> store.load(LOADED, rows(1000, 1500)));
      assertThrows(KvException.Unavailable.class, () -> store.begin(TransactionOptions.READ_ONLY));
      leaves.failing = false;
    }
    try (TransactionalStore store = failing.open(TINY)) {
      assertHolds(store, LOADED, model(1000, 1500));
    }
  }

  @Test
  void othersGoOnBesideItButNotInItsRange() {
    try (TransactionalStore store = host.open(TINY)) {
      store.load(LOADED, rows(1000, 1500, i -> {
        // Enough for many flushes and MANIFEST checkpoints.
        put(store, i + 5000, value(i));
        if (i == 1300) {
          KvTransaction intruder = store.begin(TransactionOptions.READ_WRITE.withLockTimeout(Duration.ofMillis(5)));
          assertThrows(KvException.Retryable.class, () -> intruder.put(key(1900), value(1)));
          KvTransaction reader = store.begin(TransactionOptions.READ_WRITE.withLockTimeout(Duration.ofMillis(5)));
          assertThrows(KvException.Retryable.class, () -> reader.get(key(1000)));
        }
      }));
      assertHolds(store, LOADED, model(1000, 1500));
    }
    assertEquals(1000, host.inspect().versions());
    try (TransactionalStore store = host.open(TINY)) {
      assertHolds(store, LOADED, model(1000, 1500));
    }
  }

  /** Though the leaves it is written to are older than a flush since. */
  @Test
  void anOptimisticTransactionThatReadTheRangeNoticesIt() {
    try (TransactionalStore store = host.open(TINY)) {
      KvTransaction optimist = store.begin(TransactionOptions.READ_WRITE.withConcurrencyControl(ConcurrencyControl.OPTIMISTIC));
      assertEquals(0, scan(optimist, new KeyRange(key(1000), key(1001))).size());
      optimist.put(key(1), value(1));
      store.load(LOADED, rows(1000, 1500, i -> put(store, i + 5000, value(i))));
      for (int i = 0; i < 300; i++) {
        put(store, 7000 + i, value(i));
      }
      assertThrows(KvException.Retryable.class, optimist::commit);
    }
  }

  /** A counter that, once asked to, holds one round of the WAL up until a thread waits, or the MANIFEST overtakes it. */
  private static final class SlowCounter extends ForwardingCounter {
    private final CountDownLatch walAtWork = new CountDownLatch(1);
    private volatile boolean slow;
    private volatile Thread awaited;
    private volatile boolean held;
    private volatile boolean overtaken;

    SlowCounter() {
      super(new MemoryCounter());
    }

    @Override
    public void confirm(long bootEpoch, LogName log, LogHead head, LogTail tail) {
      if (slow && log == LogName.WAL) {
        held = true;
        walAtWork.countDown();
        while (!overtaken && (awaited == null || awaited.getState() != Thread.State.WAITING)) {
          Thread.yield();
        }
        held = false;
        slow = false;
      } else {
        overtaken |= held;
      }
      super.confirm(bootEpoch, log, head, tail);
    }
  }

  /** Otherwise a snapshot at the load's time would miss the commit at first, and see it later. */
  @Test
  void itWaitsForTheCommitsThatBeganBeforeIt() throws InterruptedException {
    SlowCounter counter = new SlowCounter();
    MemoryHost slow = new MemoryHost(new MemorySealedStore(), counter);
    try (TransactionalStore store = slow.open(TINY)) {
      counter.slow = true;
      Thread writer = Thread.ofPlatform().start(() -> put(store, 1, value(1)));
      counter.walAtWork.await();
      Thread loader = Thread.currentThread();
      store.load(LOADED, rows(1000, 1500, i -> counter.awaited = i == 1499 ? loader : null));
      assertFalse(counter.overtaken, "the load was committed before a commit that is older");
      writer.join();
    }
  }

  /** What a snapshot has read it reads again, and never a load without what was committed before it. */
  @Test
  void snapshotsBesideLoadsAndCommitsStandStill() throws InterruptedException {
    int writers = 3;
    AtomicInteger moved = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    try (TransactionalStore store = host.open(TINY)) {
      List<Thread> threads = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int row = w;
        threads.add(Thread.ofVirtual().start(() -> {
          for (int i = 0; done.getCount() > 0; i++) {
            put(store, row, value(i));
          }
        }));
      }
      threads.add(Thread.ofVirtual().start(() -> {
        while (done.getCount() > 0) {
          try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
            NavigableMap<byte[], byte[]> first = scan(snapshot, KeyRange.ALL);
            NavigableMap<byte[], byte[]> second = scan(snapshot, KeyRange.ALL);
            boolean same = Arrays.deepEquals(first.values().toArray(), second.values().toArray());
            boolean whole = (first.size() - first.headMap(key(1000)).size()) % 50 == 0;
            moved.addAndGet(same && whole ? 0 : 1);
          }
        }
      }));
      for (int load = 0; load < 60; load++) {
        int from = 1000 + 50 * load;
        store.load(new KeyRange(key(from), key(from + 50)), rows(from, from + 50));
      }
      done.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertEquals(0, moved.get());
    host.inspect();
  }
}
