package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;
import static org.treatydb.kv.embedded.TemporaryStore.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;

/**
 * Interleaved optimistic transactions against a model that knows what each must read, and whether its commit must be refused: exactly
 * if something it read has been written since. Others write so much meanwhile that snapshots outlive flushes, rewrites and splits.
 */
class OptimisticModelTest {

  private static final int KEYS = 300;

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private final NavigableMap<String, String> committed = new TreeMap<>();
  private final Map<String, Integer> changedAt = new TreeMap<>();
  private int commits;
  private int refused;
  private int accepted;

  private static String key(int number) {
    return "key%05d".formatted(number);
  }

  private static String key(Random random) {
    return key(random.nextInt(KEYS));
  }

  private final class Running {
    final KvTransaction transaction;
    final int begun = commits;
    final NavigableMap<String, String> visible = new TreeMap<>(committed);
    final NavigableMap<String, String> writes = new TreeMap<>();
    final boolean[] read = new boolean[KEYS];

    Running(KvStore store) {
      this.transaction = store.begin(TransactionOptions.OPTIMISTIC);
    }

    void step(Random random) {
      String key = key(random);
      switch (random.nextInt(5)) {
        case 0 -> write(key, "v" + random.nextLong());
        case 1 -> write(key, null);
        case 2 -> scan(random);
        default -> {
          assertEquals(visible.get(key), text(random.nextBoolean() ? transaction.get(bytes(key)) : transaction.getForUpdate(bytes(key))));
          if (!writes.containsKey(key)) {
            read[Integer.parseInt(key.substring(3))] = true;
          }
        }
      }
    }

    private void write(String key, String value) {
      writes.put(key, value);
      if (value == null) {
        transaction.delete(bytes(key));
        visible.remove(key);
      } else {
        transaction.put(bytes(key), bytes(value));
        visible.put(key, value);
      }
    }

    private void scan(Random random) {
      int from = random.nextInt(KEYS);
      int to = Math.min(KEYS, from + 1 + random.nextInt(20));
      boolean reverse = random.nextBoolean();
      int wanted = random.nextInt(12);
      NavigableMap<String, String> inside = visible.subMap(key(from), true, key(to), false);
      List<String> expected = new ArrayList<>((reverse ? inside.descendingMap() : inside).keySet());
      List<String> found = new ArrayList<>();
      boolean more = true;
      try (KvCursor cursor = transaction.scan(
          new KeyRange(bytes(key(from)), bytes(key(to))), reverse ? ScanOptions.REVERSE : ScanOptions.FORWARD)) {
        while (more && found.size() < wanted) {
          more = cursor.next();
          if (more) {
            found.add(text(cursor.key()));
          }
        }
      }
      assertEquals(expected.subList(0, Math.min(wanted, expected.size())), found);
      int last = found.isEmpty() ? reverse ? to : from - 1 : Integer.parseInt(found.getLast().substring(3));
      int walkedFrom = reverse && more ? last : from;
      int walkedTo = !reverse && more ? last + 1 : to;
      for (int i = walkedFrom; i < walkedTo; i++) {
        read[i] = true;
      }
    }

    private boolean mustBeRefused() {
      for (int i = 0; i < KEYS; i++) {
        if (read[i] && changedAt.getOrDefault(key(i), 0) > begun) {
          return !writes.isEmpty();
        }
      }
      return false;
    }

    void commit() {
      boolean expected = mustBeRefused();
      boolean found = false;
      try {
        transaction.commit();
      } catch (KvException.Retryable e) {
        assertEquals(ErrorCode.SERIALIZATION_CONFLICT, e.code());
        found = true;
      }
      assertEquals(expected, found, "refused");
      if (found) {
        refused++;
      } else {
        accepted++;
        note(writes);
      }
    }
  }

  private void note(Map<String, String> writes) {
    commits++;
    writes.forEach((key, value) -> {
      changedAt.put(key, commits);
      if (value == null) {
        committed.remove(key);
      } else {
        committed.put(key, value);
      }
    });
  }

  private void writeMuch(KvStore store, Random random) {
    Map<String, String> writes = new TreeMap<>();
    store.run(transaction -> {
      for (int i = 0; i < 4; i++) {
        String key = key(random);
        String value = random.nextInt(3) == 0 ? null : "x".repeat(400 + random.nextInt(800)) + random.nextInt();
        writes.put(key, value);
        if (value == null) {
          transaction.delete(bytes(key));
        } else {
          transaction.put(bytes(key), bytes(value));
        }
      }
      return null;
    });
    note(writes);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void readsItsSnapshotAndIsRefusedExactlyOnConflicts(long seed) {
    Random random = new Random(seed);
    for (int boot = 0; boot < 2; boot++) {
      try (KvStore store = new TemporaryStore(directory).open()) {
        List<Running> running = new ArrayList<>();
        for (int step = 0; step < 4_000; step++) {
          if (running.size() < 4) {
            running.add(new Running(store));
          }
          Running next = running.get(random.nextInt(running.size()));
          int choice = random.nextInt(60);
          if (choice < 6) {
            running.remove(next);
            next.commit();
          } else if (choice == 6) {
            running.remove(next);
            next.transaction.rollback();
          } else if (choice == 7) {
            writeMuch(store, random);
          } else {
            next.step(random);
          }
        }
        running.forEach(each -> each.transaction.close());
      }
    }
    assertTrue(refused > 50 && accepted > 50, () -> refused + " refused, " + accepted + " accepted");
  }
}
