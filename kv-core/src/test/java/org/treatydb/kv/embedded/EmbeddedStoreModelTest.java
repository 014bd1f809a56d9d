package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;
import static org.treatydb.kv.embedded.TemporaryStore.scan;
import static org.treatydb.kv.embedded.TemporaryStore.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;

/** Random transactions against a sorted map that knows the right answer, through flushes, rewrites, splits and restarts. */
class EmbeddedStoreModelTest {

  private static final int KEYS = 600;

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void answersAsAModelDoesThroughRestarts(long seed) {
    TemporaryStore place = new TemporaryStore(directory);
    Random random = new Random(seed);
    NavigableMap<String, String> model = new TreeMap<>();
    for (int boot = 0; boot < 6; boot++) {
      try (KvStore store = place.open()) {
        for (int i = 0; i < 120; i++) {
          runTransaction(store, random, model);
        }
        checkEverything(store, model);
      }
    }
  }

  @Test
  void answersAsAModelDoesInMemory() {
    Random random = new Random(4);
    NavigableMap<String, String> model = new TreeMap<>();
    try (KvStore store = EmbeddedStore.openInMemory()) {
      for (int i = 0; i < 300; i++) {
        runTransaction(store, random, model);
      }
      checkEverything(store, model);
    }
  }

  private static void runTransaction(KvStore store, Random random, NavigableMap<String, String> model) {
    NavigableMap<String, String> mine = new TreeMap<>(model);
    try (KvTransaction transaction = store.begin()) {
      KvTransaction.Savepoint savepoint = null;
      NavigableMap<String, String> atSavepoint = null;
      for (int i = 0, n = random.nextInt(30); i < n; i++) {
        String key = key(random);
        switch (random.nextInt(13)) {
          case 0, 1, 2, 3, 4 -> {
            String value = "v" + random.nextLong() + "x".repeat(random.nextInt(200));
            transaction.put(bytes(key), bytes(value));
            mine.put(key, value);
          }
          case 5, 6 -> {
            transaction.delete(bytes(key));
            mine.remove(key);
          }
          case 7 -> assertEquals(mine.get(key), text(transaction.get(bytes(key))));
          case 8 -> assertEquals(mine.get(key), text(transaction.getForUpdate(bytes(key))));
          case 9 -> checkRange(transaction, random, mine);
          case 10 -> checkKeys(transaction, random, mine);
          case 11 -> {
            savepoint = transaction.savepoint();
            atSavepoint = new TreeMap<>(mine);
          }
          default -> {
            if (savepoint != null) {
              transaction.rollbackTo(savepoint);
              mine = new TreeMap<>(atSavepoint);
            }
          }
        }
      }
      if (random.nextInt(5) == 0) {
        transaction.rollback();
      } else {
        transaction.commit();
        model.clear();
        model.putAll(mine);
      }
    }
  }

  private static String key(Random random) {
    return "key%05d".formatted(random.nextInt(KEYS));
  }

  private static void checkKeys(KvTransaction transaction, Random random, NavigableMap<String, String> expected) {
    List<String> keys = Stream.generate(() -> key(random)).limit(random.nextInt(40)).toList();
    List<byte[]> values = transaction.multiGet(keys.stream().map(TemporaryStore::bytes).toList());
    assertEquals(keys.stream().map(expected::get).toList(), values.stream().map(TemporaryStore::text).toList());
  }

  private static void checkRange(KvTransaction transaction, Random random, NavigableMap<String, String> expected) {
    String one = key(random);
    String other = key(random);
    String from = one.compareTo(other) <= 0 ? one : other;
    String to = one.compareTo(other) <= 0 ? other : one;
    KeyRange range = new KeyRange(bytes(from), random.nextInt(10) == 0 ? null : bytes(to));
    NavigableMap<String, String> inside =
        range.end() == null ? expected.tailMap(from, true) : expected.subMap(from, true, to, false);
    assertEquals(entries(inside), scan(transaction, range, ScanOptions.FORWARD));
    assertEquals(entries(inside.descendingMap()), scan(transaction, range, ScanOptions.REVERSE));
  }

  private static List<String> entries(NavigableMap<String, String> map) {
    List<String> all = new ArrayList<>();
    map.forEach((key, value) -> all.add(key + "=" + value));
    return all;
  }

  private static void checkEverything(KvStore store, NavigableMap<String, String> model) {
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      assertEquals(entries(model), scan(snapshot, KeyRange.ALL, ScanOptions.FORWARD));
      assertEquals(entries(model.descendingMap()), scan(snapshot, KeyRange.ALL, ScanOptions.REVERSE));
      for (int i = 0; i < KEYS; i++) {
        String key = "key%05d".formatted(i);
        assertEquals(model.get(key), text(snapshot.get(bytes(key))));
      }
    }
  }
}
