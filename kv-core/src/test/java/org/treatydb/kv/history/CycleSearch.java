package org.treatydb.kv.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.treatydb.kv.history.Anomaly.Kind;

/**
 * Finds cycles of dependencies and names them: for each strongly connected component the shortest cycle of the strongest kind, so first
 * those of write dependencies only, then ever weaker ones. A component that holds a reported transaction is not reported again.
 */
final class CycleSearch {

  /** Starting points tried in one component; enough for the shortest cycle unless the history is thoroughly broken. */
  private static final int STARTS_MAX = 256;

  /** Cycles reported; more of them teach nothing and cost time. */
  private static final int CYCLES_MAX = 20;

  private static final int WW = Dependencies.WW;
  private static final int WR = Dependencies.WR;
  private static final int RW = Dependencies.RW | Dependencies.RW_SET;
  private static final int REAL_TIME = Dependencies.REAL_TIME;
  private static final int ALL = WW | WR | RW | REAL_TIME;

  /** Cycles of edges in {@code mask}; {@code oneRw}: closed by a single rw edge that is not in it. */
  private record Level(int mask, boolean oneRw) {}

  private static final List<Level> LEVELS = List.of(
      new Level(WW, false), new Level(WW | WR, false), new Level(WW | WR, true), new Level(WW | WR | RW, false),
      new Level(WW | REAL_TIME, false), new Level(WW | WR | REAL_TIME, false), new Level(WW | WR | REAL_TIME, true),
      new Level(ALL, false));

  private final History history;
  private final Dependencies dependencies;
  private final int nodes;
  private final List<Anomaly> anomalies;
  private final BitSet reported = new BitSet();
  private int cycles;

  /**
   * A search.
   *
   * @param nodes the transactions of the history, then the moments of real time
   */
  CycleSearch(History history, Dependencies dependencies, int nodes, List<Anomaly> anomalies) {
    this.history = history;
    this.dependencies = dependencies;
    this.nodes = nodes;
    this.anomalies = anomalies;
  }

  void run() {
    if (components(ALL).isEmpty()) {
      return;
    }
    for (Level level : LEVELS) {
      int mask = level.oneRw ? level.mask | RW : level.mask;
      for (int[] members : components(mask)) {
        if (cycles < CYCLES_MAX && Arrays.stream(members).noneMatch(reported::get)) {
          search(level, members);
        }
      }
    }
  }

  /** The transactions of each component with more than one. */
  private List<int[]> components(int mask) {
    int[] component = StrongComponents.of(dependencies, nodes, mask);
    int[] sizes = new int[nodes];
    for (int i = 0; i < history.size(); i++) {
      sizes[component[i]]++;
    }
    Map<Integer, List<Integer>> members = new HashMap<>();
    for (int i = 0; i < history.size(); i++) {
      if (sizes[component[i]] > 1) {
        members.computeIfAbsent(component[i], each -> new ArrayList<>()).add(i);
      }
    }
    return members.values().stream().map(each -> each.stream().mapToInt(i -> i).toArray()).toList();
  }

  private void search(Level level, int[] members) {
    ShortestPath paths = new ShortestPath(history, dependencies, members, level.mask);
    List<ShortestPath.Step> best = List.of();
    for (int[] start : starts(level, members)) {
      int longest = best.isEmpty() ? Integer.MAX_VALUE : best.size() - 1;
      List<ShortestPath.Step> found = level.oneRw
          ? paths.find(dependencies.to(start[1]), start[0], longest - 1) : paths.find(start[0], start[0], longest);
      if (!found.isEmpty() && level.oneRw) {
        found.addFirst(new ShortestPath.Step(start[0], dependencies.to(start[1]), start[1]));
      }
      best = found.isEmpty() ? best : found;
    }
    if (!best.isEmpty()) {
      report(best);
    }
  }

  /** Where cycles may begin: transactions, each with the rw edge to begin with if that is what is looked for. */
  private List<int[]> starts(Level level, int[] members) {
    List<int[]> all = new ArrayList<>();
    if (!level.oneRw) {
      Arrays.stream(members).forEach(member -> all.add(new int[] {member}));
    } else {
      BitSet inside = new BitSet();
      Arrays.stream(members).forEach(inside::set);
      for (int edge = 0; edge < dependencies.size(); edge++) {
        if ((dependencies.kind(edge) & RW) != 0 && inside.get(dependencies.from(edge)) && inside.get(dependencies.to(edge))) {
          all.add(new int[] {dependencies.from(edge), edge});
        }
      }
    }
    int stride = Math.ceilDiv(all.size(), STARTS_MAX);
    List<int[]> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i += stride) {
      some.add(all.get(i));
    }
    return some;
  }

  private void report(List<ShortestPath.Step> cycle) {
    List<Integer> transactions = cycle.stream().map(ShortestPath.Step::from).toList();
    transactions.forEach(reported::set);
    cycles++;
    anomalies.add(Explanation.of(kind(cycle), history, transactions, cycle.stream().map(this::explain).toArray(String[]::new)));
  }

  private String explain(ShortestPath.Step step) {
    return step.isRealTime() ? Dependencies.explainRealTime(step.from(), step.to()) : dependencies.explain(step.edge());
  }

  private Kind kind(List<ShortestPath.Step> cycle) {
    boolean realTime = cycle.stream().anyMatch(ShortestPath.Step::isRealTime);
    List<Integer> edges = cycle.stream().filter(step -> !step.isRealTime()).map(ShortestPath.Step::edge)
        .sorted(Comparator.comparingInt(dependencies::kind)).toList();
    long rw = edges.stream().filter(edge -> (dependencies.kind(edge) & RW) != 0).count();
    if (rw == 0) {
      boolean wr = edges.stream().anyMatch(edge -> dependencies.kind(edge) == WR);
      return realTime ? wr ? Kind.G1C_REALTIME : Kind.G0_REALTIME : wr ? Kind.G1C : Kind.G0;
    }
    if (realTime) {
      return rw == 1 ? Kind.G_SINGLE_REALTIME : Kind.G2_REALTIME;
    }
    if (edges.stream().anyMatch(edge -> dependencies.kind(edge) == Dependencies.RW_SET)) {
      return Kind.G2;
    }
    boolean lostUpdate = edges.size() == 2 && dependencies.kind(edges.getFirst()) == WW
        && dependencies.key(edges.getFirst()) == dependencies.key(edges.getLast());
    return rw > 1 ? Kind.G2_ITEM : lostUpdate ? Kind.LOST_UPDATE : Kind.G_SINGLE;
  }
}
