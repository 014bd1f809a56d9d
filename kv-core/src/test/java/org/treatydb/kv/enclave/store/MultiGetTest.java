package org.treatydb.kv.enclave.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.host.memory.MemorySealedStore;

/** A multi-get answers as gets do, and reads each leaf once. */
class MultiGetTest {

  private static final int KEYS = 400;
  private static final long CACHE_NOTHING = 0;
  private static final long CACHE_EVERYTHING = 16 << 20;

  private final CountedLeaves leaves = new CountedLeaves();
  private final MemoryHost host = new MemoryHost(leaves);
  private final Random random = new Random(Long.getLong("seed", 8));

  /** Leaves in memory that count who reads them how. */
  private static final class CountedLeaves implements SealedStore {
    private final SealedStore leaves = new MemorySealedStore();
    private final List<List<Long>> together = new ArrayList<>();
    private int alone;

    @Override
    public Snapshot snapshot() {
      Snapshot snapshot = leaves.snapshot();
      return new Snapshot() {
        @Override
        public byte[] get(long leafId) {
          alone++;
          return snapshot.get(leafId);
        }

        @Override
        public List<byte[]> get(List<Long> leafIds) {
          together.add(leafIds);
          return snapshot.get(leafIds);
        }

        @Override
        public void close() {
          snapshot.close();
        }
      };
    }

    @Override
    public void apply(List<Edit> edits) {
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

  private KvStore open(long cacheBytesMax) {
    return host.open(new StoreLimits(32 << 10, 2, cacheBytesMax, 4, new SealedLog.Limits(16 << 10, 8 << 10, 64 << 10)));
  }

  private static byte[] key(int i) {
    return "key%04d".formatted(i).getBytes(StandardCharsets.US_ASCII);
  }

  private void change(KvTransaction transaction) {
    byte[] key = key(random.nextInt(KEYS));
    if (random.nextInt(4) == 0) {
      transaction.delete(key);
    } else {
      byte[] value = new byte[random.nextInt(150)];
      random.nextBytes(value);
      transaction.put(key, value);
    }
  }

  private void write(KvStore store, int transactions) {
    for (int i = 0; i < transactions; i++) {
      store.run(transaction -> {
        for (int j = 0; j < 5; j++) {
          change(transaction);
        }
        return null;
      });
    }
  }

  private void compare(KvTransaction transaction) {
    List<byte[]> keys = IntStream.generate(() -> random.nextInt(KEYS + 20)).limit(random.nextInt(200)).mapToObj(MultiGetTest::key).toList();
    List<byte[]> values = transaction.multiGet(keys);
    assertEquals(keys.size(), values.size());
    for (int i = 0; i < keys.size(); i++) {
      assertArrayEquals(transaction.get(keys.get(i)), values.get(i));
    }
  }

  @Test
  void itAnswersAsGetsDoFromMemtablesLeavesAndOwnWrites() {
    for (long cache : new long[] {CACHE_NOTHING, CACHE_EVERYTHING}) {
      try (KvStore store = open(cache)) {
        for (int round = 0; round < 20; round++) {
          try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
            write(store, 40);
            compare(snapshot);
          }
          try (KvTransaction mixed = store.begin()) {
            for (int i = 0; i < 30; i++) {
              change(mixed);
            }
            compare(mixed);
            mixed.rollback();
          }
        }
      }
    }
  }

  @Test
  void leavesThatAreNotInTheCacheAreFetchedTogetherAndOnce() {
    try (KvStore store = open(CACHE_NOTHING)) {
      write(store, 500);
    }
    List<byte[]> all = IntStream.range(0, KEYS).mapToObj(MultiGetTest::key).toList();
    try (KvStore store = open(CACHE_EVERYTHING); KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      leaves.alone = 0;
      leaves.together.clear();
      List<byte[]> values = snapshot.multiGet(all.reversed());
      assertEquals(0, leaves.alone);
      assertEquals(1, leaves.together.size());
      List<Long> fetched = leaves.together.getFirst();
      assertTrue(fetched.size() > 3, fetched.size() + " leaves");
      assertEquals(fetched.size(), new HashSet<>(fetched).size(), "leaves fetched twice");
      for (int i = 0; i < KEYS; i++) {
        assertArrayEquals(snapshot.get(all.get(i)), values.reversed().get(i));
      }
      assertEquals(0, leaves.alone, "what was fetched is in the cache");
      snapshot.multiGet(all);
      assertEquals(1, leaves.together.size(), "what was fetched is in the cache");
    }
  }

  @Test
  void aLockingTransactionLocksWhatItReads() {
    try (KvStore store = open(CACHE_EVERYTHING); KvTransaction reader = store.begin()) {
      reader.multiGet(List.of(key(3), key(1)));
      for (int i = 0; i < 4; i++) {
        KvTransaction writer = store.begin(TransactionOptions.READ_WRITE.withLockTimeout(Duration.ofMillis(5)));
        byte[] key = key(i);
        if (i % 2 == 1) {
          assertThrows(KvException.Retryable.class, () -> writer.put(key, key));
        } else {
          writer.put(key, key);
          writer.commit();
        }
      }
    }
  }
}
