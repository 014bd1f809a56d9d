package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;

/** What a store must hold, and the transactions that are open on it. */
final class StoreModel {

  static final int KEYS = 100;

  private final NavigableMap<String, String> committed = new TreeMap<>();
  private final Map<Integer, Integer> changedAt = new HashMap<>();
  private final List<ModelTransaction> open = new ArrayList<>();
  private int commits;
  private int refusals;
  private int loads;

  static String key(int index) {
    return "key%05d".formatted(index);
  }

  static int index(String key) {
    return Integer.parseInt(key.substring(3));
  }

  static List<Integer> indexes(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  NavigableMap<String, String> committed() {
    return new TreeMap<>(committed);
  }

  /** How many transactions have been committed, so that each has a number. */
  int commits() {
    return commits;
  }

  int refusals() {
    return refusals;
  }

  /** The last commit that wrote the key; 0 if there is none. */
  int changedAt(int key) {
    return changedAt.getOrDefault(key, 0);
  }

  /** A commit of {@code writes}; null for a delete. */
  void apply(Map<String, String> writes) {
    commits++;
    writes.forEach((key, value) -> {
      changedAt.put(index(key), commits);
      committed.put(key, value);
    });
    committed.values().removeIf(value -> value == null);
  }

  void refused() {
    refusals++;
  }

  boolean isLockedByOthers(ModelTransaction asking, int key, boolean exclusive, boolean certainly) {
    return open.stream().anyMatch(each -> each != asking && each.locks(key, exclusive, certainly));
  }

  /**
   * Loads some rows into a short range that nobody has locked. Refused if there are rows, or an open snapshot reads some there.
   */
  void load(EmbeddedStore store, Random random) {
    int from = random.nextInt(KEYS);
    int to = Math.min(KEYS, from + 1 + random.nextInt(1 + random.nextInt(12)));
    List<Integer> range = indexes(from, to);
    if (range.stream().anyMatch(key -> isLockedByOthers(null, key, true, false))) {
      return;
    }
    NavigableMap<String, String> rows = new TreeMap<>();
    range.stream().filter(key -> random.nextInt(4) > 0)
        .forEach(key -> rows.put(key(key), "loaded " + random.nextLong() + "x".repeat(random.nextInt(500))));
    boolean isRead = !committed.subMap(key(from), key(to)).isEmpty() || open.stream().anyMatch(each -> each.hasInSnapshot(from, to));
    Iterator<KeyValue> sorted = rows.entrySet().stream().map(row -> new KeyValue(bytes(row.getKey()), bytes(row.getValue()))).iterator();
    try {
      assertEquals(rows.size(), store.load(new KeyRange(bytes(key(from)), bytes(key(to))), sorted));
    } catch (KvException.InvalidRequest e) {
      assertTrue(isRead, "a load was refused, though nobody sees a row there");
      return;
    }
    assertFalse(isRead, "a load was not refused, though somebody sees rows there");
    apply(rows);
    loads++;
  }

  int loads() {
    return loads;
  }

  /** Lets a random one of up to {@code openMax} transactions take a step, or end, or begins one. */
  void step(KvStore store, Random random, int openMax) {
    if (open.isEmpty() || open.size() < openMax && random.nextInt(10) == 0) {
      ModelTransaction.Kind[] kinds = ModelTransaction.Kind.values();
      open.add(new ModelTransaction(this, store, kinds[random.nextInt(kinds.length)]));
      return;
    }
    ModelTransaction next = open.get(random.nextInt(open.size()));
    switch (random.nextInt(25)) {
      case 0, 1 -> {
        open.remove(next);
        next.commit();
      }
      case 2 -> {
        open.remove(next);
        next.rollback();
      }
      default -> {
        if (!next.step(random)) {
          open.remove(next);
          refusals++;
        }
      }
    }
  }

  /** The store is closed: nothing is open any more. */
  void closed() {
    open.clear();
  }
}
