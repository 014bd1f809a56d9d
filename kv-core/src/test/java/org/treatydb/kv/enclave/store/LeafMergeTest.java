package org.treatydb.kv.enclave.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.host.memory.MemorySealedStore;

/** The directory stays in proportion to what the store holds, whatever is deleted. */
class LeafMergeTest {

  private static final int ROWS = 100_000;
  private static final int ROW_BYTES = 116;
  private static final int LEAF_BYTES = 8 << 10;

  private static final StoreLimits LIMITS = new StoreLimits(1 << 20, 2, 8 << 20, 8, SealedLog.Limits.DEFAULT);
  private static final StoreLimits TINY = new StoreLimits(16 << 10, 2, 32 << 10, 4, new SealedLog.Limits(16 << 10, 8 << 10, 64 << 10));
  private static final StoreLimits LARGE = new StoreLimits(32 << 20, 2, 128 << 20, 64, SealedLog.Limits.DEFAULT);

  private final MemorySealedStore leaves = new MemorySealedStore();
  private final MemoryHost host = new MemoryHost(leaves);
  private final Random random = new Random(Long.getLong("seed", 6));

  @AfterEach
  void close() {
    leaves.close();
  }

  private static byte[] key(int i) {
    return "row%06d".formatted(i).getBytes(StandardCharsets.US_ASCII);
  }

  private void writeRows(KvStore store) {
    for (int from = 0; from < ROWS; from += 1000) {
      int first = from;
      store.run(transaction -> {
        for (int i = first; i < first + 1000; i++) {
          byte[] value = new byte[ROW_BYTES - 16];
          random.nextBytes(value);
          transaction.put(key(i), value);
        }
        return null;
      });
    }
  }

  private static void delete(KvStore store, IntPredicate rows) {
    for (int from = 0; from < ROWS; from += 1000) {
      int first = from;
      store.run(transaction -> {
        for (int i = first; i < first + 1000; i++) {
          if (rows.test(i)) {
            transaction.delete(key(i));
          }
        }
        return null;
      });
    }
  }

  /** Writes elsewhere, so that memtables fill up and are flushed. */
  private static void writeElsewhere(KvStore store, int times) {
    for (int i = 0; i < times; i++) {
      store.run(transaction -> {
        transaction.put("elsewhere".getBytes(StandardCharsets.US_ASCII), new byte[1 << 20]);
        return null;
      });
    }
  }

  private static int count(KvTransaction transaction) {
    int count = 0;
    try (KvCursor cursor = transaction.scan(KeyRange.prefix("row".getBytes(StandardCharsets.US_ASCII)), ScanOptions.FORWARD)) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  /** Checks that there are at most four times the leaves that {@code rows} rows fill: a leaf that is fuller need not be merged. */
  private void assertInProportion(int rows) {
    long found = host.inspect().leaves();
    long full = (long) rows * ROW_BYTES / LEAF_BYTES;
    assertTrue(found <= 4 * full + 3, found + " leaves, where " + full + " hold " + rows + " rows");
  }

  private void deleteAndCheck(IntPredicate deleted, int left) {
    try (KvStore store = host.open(LIMITS)) {
      writeRows(store);
    }
    assertInProportion(ROWS);
    try (KvStore store = host.open(LIMITS)) {
      delete(store, deleted);
      try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
        assertEquals(left, count(snapshot));
      }
    }
    assertInProportion(left);
  }

  @Test
  void afterDeletingNineteenOfTwentyRowsHereAndThere() {
    deleteAndCheck(i -> i % 20 != 7, ROWS / 20);
  }

  /** Each flush makes leaves small whose neighbours it has nothing for. */
  @Test
  void afterDeletingNowHereNowThere() {
    try (KvStore store = host.open(LIMITS)) {
      writeRows(store);
      for (int pass = 0; pass < 8; pass++) {
        int here = pass;
        delete(store, i -> i % 20 != 7 && i / 200 % 8 == here);
        writeElsewhere(store, 2);
      }
    }
    assertInProportion(ROWS / 20);
  }

  @Test
  void afterDeletingOneLongRange() {
    deleteAndCheck(i -> i >= ROWS / 50 && i < ROWS / 50 + ROWS * 19 / 20, ROWS / 20);
  }

  @Test
  void afterDeletingEverything() {
    deleteAndCheck(i -> true, 0);
  }

  /** The leaves that only the snapshot needed are rewritten once it is closed, though nobody writes to them any more. */
  @Test
  void afterDeletingWhileASnapshotIsOpen() {
    try (KvStore store = host.open(LIMITS)) {
      writeRows(store);
      try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
        delete(store, i -> i % 20 != 7);
        writeElsewhere(store, 4);
        assertEquals(ROWS, count(snapshot));
      }
      writeElsewhere(store, 8);
    }
    assertInProportion(ROWS / 20);
    try (KvStore store = host.open(LIMITS); KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      assertEquals(ROWS / 20, count(snapshot));
    }
  }

  @Test
  void oneRowWrittenOftenWhileSnapshotsAreOpenKeepsOneVersionForEach() {
    byte[] hot = key(1);
    List<KvTransaction> snapshots = new ArrayList<>();
    try (KvStore store = host.open(new StoreLimits(256 << 10, 2, 1 << 20, 8, SealedLog.Limits.DEFAULT))) {
      for (int i = 0; i < 100_000; i++) {
        byte[] value = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
        store.run(transaction -> {
          transaction.put(hot, value);
          return null;
        });
        if (i % 20_000 == 10) {
          snapshots.add(store.begin(TransactionOptions.READ_ONLY));
        }
      }
      for (int i = 0; i < snapshots.size(); i++) {
        assertEquals(Integer.toString(i * 20_000 + 10), new String(snapshots.get(i).get(hot), StandardCharsets.US_ASCII));
      }
      writeElsewhere(store, 1);
      store.run(transaction -> {
        transaction.delete(hot);
        return null;
      });
      assertEquals("10", new String(snapshots.getFirst().get(hot), StandardCharsets.US_ASCII));
    }
    long versions = host.inspect().versions();
    assertTrue(versions <= snapshots.size() + 5, versions + " versions");
    snapshots.forEach(KvTransaction::close);
  }

  @Test
  void theLongestValuesFitIntoOneLeaf() {
    Map<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
    try (KvStore store = host.open(LARGE)) {
      KvTransaction snapshot = null;
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4; i++) {
          byte[] value = new byte[KvStore.VALUE_BYTES_MAX];
          random.nextBytes(value);
          model.put(key(i), value);
          int number = i;
          store.run(transaction -> {
            transaction.put(key(5), new byte[number]);
            transaction.put(key(number), value);
            return null;
          });
        }
        snapshot = snapshot == null ? store.begin(TransactionOptions.READ_ONLY) : snapshot;
      }
      writeElsewhere(store, 40);
      assertEquals(KvStore.VALUE_BYTES_MAX, snapshot.get(key(3)).length);
      snapshot.close();
    }
    try (KvStore store = host.open(LARGE); KvTransaction reader = store.begin()) {
      model.forEach((key, value) -> assertArrayEquals(value, reader.get(key)));
      assertEquals(3, reader.get(key(5)).length);
      assertNull(reader.get(key(6)));
    }
  }

  /** A snapshot and what it must show. */
  private record Seen(KvTransaction snapshot, NavigableMap<Integer, byte[]> rows) {
    void check() {
      List<byte[]> found = new ArrayList<>();
      try (KvCursor cursor = snapshot.scan(KeyRange.ALL)) {
        while (cursor.next()) {
          found.add(cursor.key());
          found.add(cursor.value());
        }
      }
      List<byte[]> expected = new ArrayList<>();
      rows.forEach((i, value) -> {
        expected.add(key(i));
        expected.add(value);
      });
      assertArrayEquals(expected.toArray(), found.toArray());
    }
  }

  @Test
  void snapshotsSeeTheirTimeThroughRandomWritesAndDeletes() {
    NavigableMap<Integer, byte[]> model = new TreeMap<>();
    for (int boot = 0; boot < 4; boot++) {
      try (KvStore store = host.open(TINY)) {
        List<Seen> open = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
          change(store, model);
          if (random.nextInt(20) == 0) {
            open.add(new Seen(store.begin(TransactionOptions.READ_ONLY), new TreeMap<>(model)));
          }
          if (random.nextInt(25) == 0 && !open.isEmpty()) {
            Seen one = open.remove(random.nextInt(open.size()));
            one.check();
            one.snapshot.close();
          }
        }
        open.add(new Seen(store.begin(TransactionOptions.READ_ONLY), model));
        open.forEach(Seen::check);
        open.forEach(each -> each.snapshot.close());
      }
      host.inspect();
    }
  }

  /** Writes a few rows, or deletes many that stand side by side. */
  private void change(KvStore store, NavigableMap<Integer, byte[]> model) {
    int first = random.nextInt(2000);
    boolean deletes = random.nextInt(4) == 0;
    store.run(transaction -> {
      for (int i = first; i < first + (deletes ? 150 : 30); i++) {
        byte[] value = new byte[random.nextInt(200)];
        random.nextBytes(value);
        if (deletes) {
          transaction.delete(key(i));
          model.remove(i);
        } else {
          transaction.put(key(i), value);
          model.put(i, value);
        }
      }
      return null;
    });
  }
}
