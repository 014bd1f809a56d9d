package org.treatydb.kv.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order of one key's versions, as the states that were seen tell it: each must grow out of the one before. A list's states are
 * prefixes of the longest; a set's are subsets of the largest, and what two neighbouring states differ by has no order within. Makes
 * the dependencies that follow.
 */
final class VersionOrder {

  private final int key;
  private final History history;
  private final Appends appends;
  private final Dependencies dependencies;
  private final List<Anomaly> anomalies;
  private final List<Observation> observations;
  /** The values by which each state differs from the one before. */
  private final List<int[]> steps = new ArrayList<>();
  /** How many steps lead to a state with so many values. */
  private final Map<Integer, Integer> levels = new HashMap<>(Map.of(0, 0));

  VersionOrder(
      int key, History history, Appends appends, Dependencies dependencies, List<Anomaly> anomalies, List<Observation> observations) {
    this.key = key;
    this.history = history;
    this.appends = appends;
    this.dependencies = dependencies;
    this.anomalies = anomalies;
    this.observations = observations;
    if (observations.stream().map(Observation::isSet).distinct().count() > 1) {
      throw new IllegalArgumentException("key " + key + " is read as a list and as a set");
    }
  }

  private boolean isSet() {
    return !observations.isEmpty() && observations.getFirst().isSet();
  }

  /**
   * Derives the dependencies.
   *
   * @param happened the values that were appended to the key by transactions that happened
   */
  void derive(List<Integer> happened) {
    List<Observation> sound = isSet() ? orderSets() : orderLists();
    for (int level = 1; level < steps.size(); level++) {
      link(Dependencies.WW, writers(steps.get(level - 1)), steps.get(level));
    }
    for (Observation each : sound) {
      int level = levels.get(each.others().length);
      if (level > 0) {
        for (int value : steps.get(level - 1)) {
          dependencies.add(Dependencies.WR, appends.writerThatHappened(key, value), each.transaction(), key, value);
        }
      }
      if (level < steps.size()) {
        link(rw(), new int[] {each.transaction()}, steps.get(level));
      }
    }
    deriveUnseen(happened, sound);
  }

  private int rw() {
    return isSet() ? Dependencies.RW_SET : Dependencies.RW;
  }

  private int[] writers(int[] values) {
    return Arrays.stream(values).map(value -> appends.writerThatHappened(key, value)).toArray();
  }

  private void link(int kind, int[] sources, int[] values) {
    for (int value : values) {
      int target = appends.writerThatHappened(key, value);
      for (int source : sources) {
        dependencies.add(kind, source, target, key, value);
      }
    }
  }

  private List<Observation> orderLists() {
    int[] longest = observations.stream().map(Observation::all).max(Comparator.comparingInt(all -> all.length)).orElse(new int[0]);
    for (int value : longest) {
      steps.add(new int[] {value});
      levels.put(steps.size(), steps.size());
    }
    List<Observation> sound = new ArrayList<>(observations.size());
    for (Observation each : observations) {
      if (Arrays.equals(each.all(), 0, each.all().length, longest, 0, each.all().length)) {
        sound.add(each);
      } else {
        reportIncompatible(each, "the longest list read is " + Arrays.toString(longest));
      }
    }
    return sound;
  }

  private List<Observation> orderSets() {
    List<Observation> bySize = new ArrayList<>(observations);
    bySize.sort(Comparator.comparingInt(each -> each.others().length));
    Map<Integer, int[]> states = new HashMap<>();
    for (Observation each : bySize) {
      states.putIfAbsent(each.others().length, each.others());
      states.putIfAbsent(each.all().length, each.all());
    }
    List<int[]> chain = new ArrayList<>(states.values());
    chain.sort(Comparator.comparingInt(state -> state.length));
    Map<Integer, Integer> position = new HashMap<>();
    Set<Integer> broken = new HashSet<>();
    for (int[] state : chain) {
      int[] step = Arrays.stream(state).filter(value -> !position.containsKey(value)).toArray();
      if (state.length != position.size() + step.length) {
        broken.add(state.length);
      } else if (step.length > 0) {
        Arrays.stream(step).forEach(value -> position.put(value, steps.size()));
        steps.add(step);
        levels.put(state.length, steps.size());
      }
    }
    List<Observation> sound = new ArrayList<>();
    for (Observation each : bySize) {
      if (isState(each.others(), position, broken) && isState(each.all(), position, broken)) {
        sound.add(each);
      } else {
        reportIncompatible(each, "which neither contains the other sets scanned, nor is contained in them; the chain of sets grows by "
            + steps.stream().map(Arrays::toString).toList());
      }
    }
    return sound;
  }

  private boolean isState(int[] values, Map<Integer, Integer> position, Set<Integer> broken) {
    if (broken.contains(values.length) || !levels.containsKey(values.length)) {
      return false;
    }
    int level = levels.get(values.length);
    return Arrays.stream(values).allMatch(value -> position.getOrDefault(value, Integer.MAX_VALUE) < level);
  }

  private void reportIncompatible(Observation each, String finding) {
    anomalies.add(Explanation.of(Anomaly.Kind.INCOMPATIBLE_ORDER, history, List.of(each.transaction()),
        "T" + each.transaction() + " read " + key + " = " + Arrays.toString(each.all()) + "; " + finding));
  }

  /** Appends that happened and that nobody saw come after all that was seen; unless somebody should have seen them. */
  private void deriveUnseen(List<Integer> happened, List<Observation> sound) {
    Set<Integer> seen = new HashSet<>();
    observations.forEach(each -> Arrays.stream(each.all()).forEach(seen::add));
    Observation latest = observations.stream()
        .max(Comparator.comparingLong(each -> history.get(each.transaction()).invoked())).orElse(null);
    int[] newest = steps.isEmpty() ? new int[0] : writers(steps.getLast());
    for (int value : happened) {
      int writer = appends.writerThatHappened(key, value);
      if (seen.contains(value)) {
        continue;
      }
      if (latest != null && latest.transaction() != writer
          && history.get(writer).completed() < history.get(latest.transaction()).invoked()) {
        anomalies.add(Explanation.of(Anomaly.Kind.LOST_APPEND, history, List.of(writer, latest.transaction()),
            "T" + writer + " appended " + value + " to " + key + " and had ended before T" + latest.transaction() + " began, which read "
                + Arrays.toString(latest.all()) + "; nobody ever saw " + value));
        continue;
      }
      int[] unseen = {value};
      link(Dependencies.WW, newest, unseen);
      for (Observation each : sound) {
        if (levels.get(each.others().length) == steps.size()) {
          link(rw(), new int[] {each.transaction()}, unseen);
        }
      }
    }
  }
}
