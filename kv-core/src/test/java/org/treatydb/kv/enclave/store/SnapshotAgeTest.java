package org.treatydb.kv.enclave.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.enclave.lock.ManualClock;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.host.memory.MemorySealedStore;

/** How long old versions are kept, and what reads that miss them are told. */
@Timeout(60)
class SnapshotAgeTest {

  private static final Duration AGE_MAX = Duration.ofHours(1);
  private static final int KEYS = 40;

  private final ManualClock clock = new ManualClock();
  private final Map<Integer, String> committed = new TreeMap<>();
  private int writes;
  private final KvStore store = new MemoryHost(new MemorySealedStore(), clock).open(
      new StoreLimits(16 << 10, 2, 64 << 10, 4, new SealedLog.Limits(16 << 10, 8 << 10, 64 << 10)).withSnapshotAgeMax(AGE_MAX),
      TransactionLimits.DEFAULT.withIdleTimeout(TransactionLimits.UNLIMITED));

  @AfterEach
  void close() {
    store.close();
  }

  private static byte[] key(int number) {
    return "key%03d".formatted(number).getBytes(StandardCharsets.US_ASCII);
  }

  private void write(int key, String value) {
    store.run(transaction -> {
      if (value == null) {
        transaction.delete(key(key));
      } else {
        transaction.put(key(key), value.getBytes(StandardCharsets.US_ASCII));
      }
      return null;
    });
    committed.put(key, value);
  }

  /** Writes all keys anew several times, through many flushes. */
  private void writeMuch() {
    for (int i = 0; i < 8 * KEYS; i++) {
      write(i % KEYS, "x".repeat(500) + writes++);
    }
  }

  private void pass(Duration time) {
    clock.advance(time.toNanos());
  }

  private static String read(KvTransaction transaction, int key) {
    byte[] value = transaction.get(key(key));
    return value == null ? null : new String(value, StandardCharsets.US_ASCII);
  }

  @Test
  void aSnapshotKeepsItsVersionsUntilItIsTooOld() {
    writeMuch();
    Map<Integer, String> then = new TreeMap<>(committed);
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      pass(AGE_MAX.minusNanos(1));
      writeMuch();
      then.forEach((key, value) -> assertEquals(value, read(snapshot, key)));
      KvCursor open = snapshot.scan(KeyRange.ALL);
      pass(Duration.ofNanos(1));
      KvException.Closed refusal = assertThrows(KvException.Closed.class, () -> {
        while (true) {
          writeMuch();
          assertEquals(then.get(0), read(snapshot, 0));
        }
      });
      assertEquals(ErrorCode.SNAPSHOT_TOO_OLD, refusal.code());
      assertEquals("72000", refusal.code().sqlState());
      assertEquals(
          ErrorCode.TRANSACTION_ENDED, assertThrows(KvException.Closed.class, () -> read(snapshot, 1)).code());
      assertThrows(KvException.Closed.class, open::next);
      assertTrue(store.transactions().isEmpty());
    }
  }

  @Test
  void anOldSnapshotReadsOnWhileNothingIsCollected() {
    writeMuch();
    Map<Integer, String> then = new TreeMap<>(committed);
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      pass(AGE_MAX.multipliedBy(100));
      write(1, "later");
      then.forEach((key, value) -> assertEquals(value, read(snapshot, key)));
    }
  }

  @Test
  void aScanUnderWayGoesOnOnItsView() {
    writeMuch();
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY); KvCursor cursor = snapshot.scan(KeyRange.ALL)) {
      Map<Integer, String> then = new TreeMap<>(committed);
      pass(AGE_MAX.multipliedBy(2));
      writeMuch();
      writeMuch();
      for (String expected : then.values()) {
        assertTrue(cursor.next());
        assertEquals(expected, new String(cursor.value(), StandardCharsets.US_ASCII));
      }
    }
  }

  @Test
  void anOptimisticTransactionThatIsTooOldIsToRunAgain() {
    writeMuch();
    try (KvTransaction reader = store.begin(TransactionOptions.OPTIMISTIC);
        KvTransaction committer = store.begin(TransactionOptions.OPTIMISTIC)) {
      committer.get(key(KEYS + 1));
      committer.put(key(KEYS + 2), key(0));
      pass(AGE_MAX);
      KvException.Retryable refusal = assertThrows(KvException.Retryable.class, () -> {
        while (true) {
          writeMuch();
          read(reader, 0);
        }
      });
      assertEquals("40001", refusal.code().sqlState());
      assertTrue(refusal.getMessage().contains("too old"), refusal.getMessage());
      assertEquals("40001", assertThrows(KvException.Retryable.class, committer::commit).code().sqlState());
      assertTrue(store.locks().holders().isEmpty());
    }
  }

  /** A deletion that is collected leaves no trace; the check must not take that for a key that never changed. */
  @Test
  void aDeletionCollectedSinceIsNotOverlooked() {
    writeMuch();
    try (KvTransaction transaction = store.begin(TransactionOptions.OPTIMISTIC)) {
      read(transaction, 0);
      transaction.put(key(KEYS + 1), key(0));
      pass(AGE_MAX);
      write(0, null);
      for (int i = 0; i < 8 * KEYS; i++) {
        write(1 + i % (KEYS - 1), "x".repeat(500) + writes++);
      }
      assertThrows(KvException.Retryable.class, transaction::commit);
    }
  }

  private record Snapshot(KvTransaction transaction, Map<Integer, String> sees, long openedNanos) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyReadIsRightOrRefusedAndNoneIsRefusedInTime(long seed) {
    Random random = new Random(seed);
    List<Snapshot> snapshots = new ArrayList<>();
    int refused = 0;
    int right = 0;
    for (int i = 0; i < 4_000; i++) {
      write(random.nextInt(KEYS), random.nextInt(4) == 0 ? null : "x".repeat(random.nextInt(900)) + i);
      pass(Duration.ofSeconds(random.nextInt(10)));
      if (random.nextInt(40) == 0) {
        snapshots.add(new Snapshot(store.begin(TransactionOptions.READ_ONLY), new TreeMap<>(committed), clock.nanoTime()));
      }
      if (!snapshots.isEmpty()) {
        Snapshot each = snapshots.get(random.nextInt(snapshots.size()));
        int key = random.nextInt(KEYS);
        try {
          assertEquals(each.sees.get(key), read(each.transaction, key));
          right++;
        } catch (KvException.Closed e) {
          assertEquals(ErrorCode.SNAPSHOT_TOO_OLD, e.code());
          assertTrue(clock.nanoTime() - each.openedNanos >= AGE_MAX.toNanos());
          snapshots.remove(each);
          refused++;
        }
      }
    }
    assertTrue(right > 100 && refused > 10, right + " right, " + refused + " refused");
    snapshots.forEach(each -> each.transaction.close());
  }
}
