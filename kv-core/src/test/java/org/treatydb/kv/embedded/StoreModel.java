package org.treatydb.kv.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.treatydb.kv.api.KvStore;

/** What a store must hold, and the transactions that are open on it. */
final class StoreModel {

  static final int KEYS = 100;

  private final NavigableMap<String, String> committed = new TreeMap<>();
  private final Map<Integer, Integer> changedAt = new HashMap<>();
  private final List<ModelTransaction> open = new ArrayList<>();
  private int commits;
  private int refusals;

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
