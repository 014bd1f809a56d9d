package org.treatydb.kv.history;

import java.util.Arrays;

/** The strongly connected components of a graph (Tarjan 1972), without recursion. */
final class StrongComponents {

  private final Dependencies dependencies;
  private final Dependencies.Adjacency adjacency;
  private final int[] component;
  private final int[] index;
  private final int[] low;
  private final int[] next;
  private final int[] path;
  private final int[] open;
  private int pathSize;
  private int openSize;
  private int visited;
  private int components;

  private StrongComponents(Dependencies dependencies, int nodes, int mask) {
    this.dependencies = dependencies;
    this.adjacency = dependencies.adjacency(nodes, mask);
    this.component = new int[nodes];
    this.index = new int[nodes];
    this.low = new int[nodes];
    this.next = Arrays.copyOf(adjacency.first(), nodes);
    this.path = new int[nodes];
    this.open = new int[nodes];
    Arrays.fill(component, -1);
  }

  /** The number of each node's component, when only the edges of the kinds in {@code mask} count. */
  static int[] of(Dependencies dependencies, int nodes, int mask) {
    StrongComponents search = new StrongComponents(dependencies, nodes, mask);
    for (int node = 0; node < nodes; node++) {
      if (search.index[node] == 0) {
        search.visitFrom(node);
      }
    }
    return search.component;
  }

  private void visitFrom(int root) {
    enter(root);
    while (pathSize > 0) {
      int node = path[pathSize - 1];
      if (next[node] < adjacency.first()[node + 1]) {
        int target = dependencies.to(adjacency.edges()[next[node]++]);
        if (index[target] == 0) {
          enter(target);
        } else if (component[target] < 0) {
          low[node] = Math.min(low[node], index[target]);
        }
      } else {
        leave(node);
      }
    }
  }

  private void enter(int node) {
    index[node] = ++visited;
    low[node] = visited;
    path[pathSize++] = node;
    open[openSize++] = node;
  }

  private void leave(int node) {
    pathSize--;
    if (pathSize > 0) {
      int parent = path[pathSize - 1];
      low[parent] = Math.min(low[parent], low[node]);
    }
    if (low[node] == index[node]) {
      int member;
      do {
        member = open[--openSize];
        component[member] = components;
      } while (member != node);
      components++;
    }
  }
}
