package org.treatydb.kv.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks the reads of one transaction after another, each for itself: internal consistency, values twice, from nobody, from aborted
 * transactions, from the middle of one. What passes becomes an {@link Observation}.
 */
final class TransactionReads {

  private final History history;
  private final Appends appends;
  private final List<Anomaly> anomalies;
  private final Map<Integer, List<Observation>> observations = new HashMap<>();

  TransactionReads(History history, Appends appends, List<Anomaly> anomalies) {
    this.history = history;
    this.appends = appends;
    this.anomalies = anomalies;
  }

  /** The sound observations of all transactions that happened, by key. */
  Map<Integer, List<Observation>> collect() {
    for (int i = 0; i < history.size(); i++) {
      if (appends.happened(i)) {
        collect(i);
      }
    }
    return observations;
  }

  private void collect(int transaction) {
    Map<Integer, List<Integer>> own = new HashMap<>();
    Map<Integer, Set<Integer>> seen = new HashMap<>();
    for (Operation operation : history.get(transaction).operations()) {
      List<Integer> mine = own.computeIfAbsent(operation.key(), key -> new ArrayList<>(2));
      if (operation instanceof Operation.Append append) {
        mine.add(append.value());
        continue;
      }
      boolean isSet = operation instanceof Operation.Scan;
      int[] values = Appends.values(operation);
      if (hasDuplicate(transaction, operation, values)) {
        continue;
      }
      int[] others = withoutOwn(values, mine, isSet);
      if (others == null || !agrees(seen, operation.key(), others)) {
        report(Anomaly.Kind.INTERNAL, transaction, operation, "which disagrees with what it did or read before; its own appends: " + mine);
      } else if (areCommittedStates(transaction, operation, others)) {
        observations.computeIfAbsent(operation.key(), key -> new ArrayList<>())
            .add(new Observation(transaction, operation.key(), isSet, others, values));
      }
    }
  }

  private boolean hasDuplicate(int transaction, Operation operation, int[] values) {
    int[] sorted = values.clone();
    Arrays.sort(sorted);
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] == sorted[i - 1]) {
        report(Anomaly.Kind.DUPLICATE, transaction, operation, "with " + sorted[i] + " twice");
        return true;
      }
    }
    return false;
  }

  /** {@code values} without the transaction's own; null if those are not there as they must be. */
  private static int[] withoutOwn(int[] values, List<Integer> mine, boolean isSet) {
    if (mine.isEmpty()) {
      return values;
    }
    int rest = values.length - mine.size();
    if (isSet) {
      int[] others = Arrays.stream(values).filter(value -> !mine.contains(value)).toArray();
      return others.length == rest ? others : null;
    }
    for (int i = 0; i < mine.size(); i++) {
      if (rest < 0 || values[rest + i] != mine.get(i)) {
        return null;
      }
    }
    return Arrays.copyOf(values, rest);
  }

  /** Whether an earlier read of the same key, if there was one, saw the same of others. */
  private static boolean agrees(Map<Integer, Set<Integer>> seen, int key, int[] others) {
    Set<Integer> now = new HashSet<>();
    for (int value : others) {
      now.add(value);
    }
    Set<Integer> before = seen.putIfAbsent(key, now);
    return before == null || before.equals(now);
  }

  private boolean areCommittedStates(int transaction, Operation operation, int[] others) {
    boolean sound = true;
    for (int value : others) {
      int writer = appends.writer(operation.key(), value);
      if (writer == Appends.NOBODY) {
        report(Anomaly.Kind.GARBAGE, transaction, operation, "but nobody appended " + value);
        sound = false;
      } else if (writer == transaction) {
        report(Anomaly.Kind.INTERNAL, transaction, operation, "with " + value + ", which it appended only later");
        sound = false;
      } else if (!appends.happened(writer)) {
        report(Anomaly.Kind.G1A, List.of(transaction, writer), operation, "but T" + writer + ", which appended " + value + ", was aborted");
        sound = false;
      }
    }
    return sound && isNotInTheMiddle(transaction, operation, others);
  }

  /** A list must not end with a value after which its writer appended another; a set holds all of a writer's values or none. */
  private boolean isNotInTheMiddle(int transaction, Operation operation, int[] others) {
    boolean isSet = operation instanceof Operation.Scan;
    for (int i = isSet ? 0 : Math.max(0, others.length - 1); i < others.length; i++) {
      int writer = appends.writer(operation.key(), others[i]);
      List<Integer> written = appendsOf(writer, operation.key());
      boolean whole = isSet ? written.stream().allMatch(each -> contains(others, each)) : written.getLast() == others[i];
      if (!whole) {
        report(Anomaly.Kind.G1B, List.of(transaction, writer), operation, "but T" + writer + " appended " + written + " to that key");
        return false;
      }
    }
    return true;
  }

  private static boolean contains(int[] values, int wanted) {
    return Arrays.stream(values).anyMatch(value -> value == wanted);
  }

  private List<Integer> appendsOf(int transaction, int key) {
    List<Integer> values = new ArrayList<>(2);
    for (Operation operation : history.get(transaction).operations()) {
      if (operation instanceof Operation.Append append && append.key() == key) {
        values.add(append.value());
      }
    }
    return values;
  }

  private void report(Anomaly.Kind kind, int transaction, Operation operation, String but) {
    report(kind, List.of(transaction), operation, but);
  }

  private void report(Anomaly.Kind kind, List<Integer> transactions, Operation operation, String but) {
    anomalies.add(Explanation.of(kind, history, transactions, "T" + transactions.getFirst() + " did " + operation + ", " + but));
  }
}
