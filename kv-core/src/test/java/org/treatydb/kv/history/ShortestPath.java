package org.treatydb.kv.history;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;

/**
 * Breadth-first search within one component. Real time needs no edges here: from a transaction one gets, in one step, to all that began
 * after it ended, which is a tail of the members by beginning; and of that tail only what was not reached before need be walked.
 */
final class ShortestPath {

  /** One step; {@code edge} is {@link #NO_EDGE} if it is real time that leads there. */
  record Step(int from, int to, int edge) {
    boolean isRealTime() {
      return edge == NO_EDGE;
    }
  }

  private static final int NO_EDGE = -1;

  private final History history;
  private final Dependencies dependencies;
  private final boolean realTime;
  private final int[] byBeginning;
  private final Map<Integer, int[]> edges = new HashMap<>();

  ShortestPath(History history, Dependencies dependencies, int[] members, int mask) {
    this.history = history;
    this.dependencies = dependencies;
    this.realTime = (mask & Dependencies.REAL_TIME) != 0;
    this.byBeginning = Arrays.stream(members).boxed()
        .sorted(Comparator.comparingLong(each -> history.get(each).invoked())).mapToInt(each -> each).toArray();
    Dependencies.Adjacency adjacency = dependencies.adjacency(maxNode() + 1, mask & ~Dependencies.REAL_TIME);
    for (int member : members) {
      edges.put(member, Arrays.copyOfRange(adjacency.edges(), adjacency.first()[member], adjacency.first()[member + 1]));
    }
  }

  private int maxNode() {
    int max = history.size();
    for (int edge = 0; edge < dependencies.size(); edge++) {
      max = Math.max(max, dependencies.from(edge));
    }
    return max;
  }

  /** The shortest path of at least one step and at most {@code stepsMax}; empty if there is none. */
  List<Step> find(int source, int target, int stepsMax) {
    Map<Integer, Step> reachedBy = new HashMap<>();
    Map<Integer, Integer> distance = new HashMap<>(Map.of(source, 0));
    ArrayDeque<Integer> open = new ArrayDeque<>(List.of(source));
    int reachedTail = byBeginning.length;
    while (!open.isEmpty()) {
      int node = open.poll();
      int steps = distance.get(node);
      if (steps >= stepsMax) {
        return List.of();
      }
      if (realTime && endedBefore(node, target)) {
        return path(new Step(node, target, NO_EDGE), source, reachedBy);
      }
      for (int edge : edges.get(node)) {
        int to = dependencies.to(edge);
        if (to == target) {
          return path(new Step(node, target, edge), source, reachedBy);
        }
        if (edges.containsKey(to) && distance.putIfAbsent(to, steps + 1) == null) {
          reachedBy.put(to, new Step(node, to, edge));
          open.add(to);
        }
      }
      int tail = realTime ? firstBegunAfter(history.get(node).completed()) : byBeginning.length;
      for (int i = tail; i < reachedTail; i++) {
        int to = byBeginning[i];
        if (distance.putIfAbsent(to, steps + 1) == null) {
          reachedBy.put(to, new Step(node, to, NO_EDGE));
          open.add(to);
        }
      }
      reachedTail = Math.min(reachedTail, tail);
    }
    return List.of();
  }

  private boolean endedBefore(int node, int other) {
    return history.get(node).completed() < history.get(other).invoked();
  }

  private int firstBegunAfter(long moment) {
    int low = 0;
    int high = byBeginning.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (history.get(byBeginning[middle]).invoked() > moment) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static List<Step> path(Step last, int source, Map<Integer, Step> reachedBy) {
    LinkedList<Step> path = new LinkedList<>(List.of(last));
    while (path.getFirst().from() != source) {
      path.addFirst(reachedBy.get(path.getFirst().from()));
    }
    return path;
  }
}
