package org.treatydb.kv.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Checks whether a history is strictly serializable: whether some order of its transactions, one after the other, explains all they read
 * and agrees with real time. What it reports is wrong for certain; what it passes agrees with all that the reads can tell. Takes time and
 * memory linear in the history when that is valid.
 */
public final class StrictSerializability {

  private final History history;
  private final List<Anomaly> anomalies = new ArrayList<>();
  private final Appends appends;
  private final Dependencies dependencies = new Dependencies();

  private StrictSerializability(History history) {
    this.history = history;
    this.appends = new Appends(history);
  }

  /**
   * Checks {@code history}.
   *
   * @throws IllegalArgumentException if the history cannot be checked: a value appended twice, a key used as list and as set
   */
  public static Verdict check(History history) {
    return new StrictSerializability(history).check();
  }

  private Verdict check() {
    Map<Integer, List<Observation>> observations = new TransactionReads(history, appends, anomalies).collect();
    Map<Integer, List<Integer>> happened = appendsThatHappened();
    Set<Integer> keys = new TreeSet<>(observations.keySet());
    keys.addAll(happened.keySet());
    for (int key : keys) {
      new VersionOrder(key, history, appends, dependencies, anomalies, observations.getOrDefault(key, List.of()))
          .derive(happened.getOrDefault(key, List.of()));
    }
    int nodes = addRealTime();
    new CycleSearch(history, dependencies, nodes, anomalies).run();
    return new Verdict(anomalies);
  }

  private Map<Integer, List<Integer>> appendsThatHappened() {
    Map<Integer, List<Integer>> all = new HashMap<>();
    for (int i = 0; i < history.size(); i++) {
      for (Operation operation : appends.happened(i) ? history.get(i).operations() : List.<Operation>of()) {
        if (operation instanceof Operation.Append(int key, int value)) {
          all.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
        }
      }
    }
    return all;
  }

  /** Adds a node for each moment at which a transaction had certainly happened, and returns how many nodes there are now. */
  private int addRealTime() {
    int[] byEnd = IntStream.range(0, history.size())
        .filter(i -> appends.happened(i) && history.get(i).completed() != RecordedTransaction.NEVER).boxed()
        .sorted((a, b) -> Long.compare(history.get(a).completed(), history.get(b).completed())).mapToInt(i -> i).toArray();
    int[] byBeginning = IntStream.range(0, history.size()).filter(appends::happened).boxed()
        .sorted((a, b) -> Long.compare(history.get(a).invoked(), history.get(b).invoked())).mapToInt(i -> i).toArray();
    int moments = history.size();
    for (int i = 0; i < byEnd.length; i++) {
      dependencies.add(Dependencies.REAL_TIME, byEnd[i], moments + i, 0, 0);
      if (i > 0) {
        dependencies.add(Dependencies.REAL_TIME, moments + i - 1, moments + i, 0, 0);
      }
    }
    int ended = 0;
    for (int begun : byBeginning) {
      while (ended < byEnd.length && history.get(byEnd[ended]).completed() < history.get(begun).invoked()) {
        ended++;
      }
      if (ended > 0) {
        dependencies.add(Dependencies.REAL_TIME, moments + ended - 1, begun, 0, 0);
      }
    }
    return moments + byEnd.length;
  }
}
