package org.treatydb.kv.history;

import java.util.Arrays;

/**
 * The edges between transactions: {@code from} must come before {@code to}. Kept in columns, because there are millions. Real time is
 * kept as a chain of moments, one node for each completion: a transaction leads to the moment it completed at, each moment to the next,
 * and the last moment before a transaction began to that transaction. So three edges a transaction say what a quadratic number of edges
 * between transactions would say.
 */
final class Dependencies {

  /** The next version is the other's. */
  static final int WW = 1;
  /** The other read what this one wrote. */
  static final int WR = 2;
  /** This one did not see what the other wrote. */
  static final int RW = 4;
  /** As {@link #RW}, for a set: a phantom. */
  static final int RW_SET = 8;
  /** This one ended before the other began. */
  static final int REAL_TIME = 16;

  private int[] from = new int[1024];
  private int[] to = new int[1024];
  private byte[] kinds = new byte[1024];
  private int[] keys = new int[1024];
  private int[] values = new int[1024];
  private int size;

  /** An edge that {@code value} of {@code key} explains. Edges from nobody, to nobody or to oneself are not added. */
  void add(int kind, int source, int target, int key, int value) {
    if (source == target || source == Appends.NOBODY || target == Appends.NOBODY) {
      return;
    }
    if (size == from.length) {
      from = Arrays.copyOf(from, 2 * size);
      to = Arrays.copyOf(to, 2 * size);
      kinds = Arrays.copyOf(kinds, 2 * size);
      keys = Arrays.copyOf(keys, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    from[size] = source;
    to[size] = target;
    kinds[size] = (byte) kind;
    keys[size] = key;
    values[size++] = value;
  }

  int size() {
    return size;
  }

  int from(int edge) {
    return from[edge];
  }

  int to(int edge) {
    return to[edge];
  }

  int kind(int edge) {
    return kinds[edge];
  }

  int key(int edge) {
    return keys[edge];
  }

  int value(int edge) {
    return values[edge];
  }

  /** The edges of the kinds in {@code mask}, by source. */
  Adjacency adjacency(int nodes, int mask) {
    int[] first = new int[nodes + 1];
    for (int edge = 0; edge < size; edge++) {
      if ((kinds[edge] & mask) != 0) {
        first[from[edge] + 1]++;
      }
    }
    for (int node = 0; node < nodes; node++) {
      first[node + 1] += first[node];
    }
    int[] edges = new int[first[nodes]];
    int[] next = first.clone();
    for (int edge = 0; edge < size; edge++) {
      if ((kinds[edge] & mask) != 0) {
        edges[next[from[edge]]++] = edge;
      }
    }
    return new Adjacency(first, edges);
  }

  /** The edges of node {@code n} are {@code edges[first[n]]} up to, without, {@code edges[first[n + 1]]}. */
  record Adjacency(int[] first, int[] edges) {}

  String explain(int edge) {
    String left = "T" + from[edge];
    String right = "T" + to[edge];
    return switch (kinds[edge]) {
      case WW -> left + " → " + right + " (ww): "
          + right + " appended " + values[edge] + " to " + keys[edge] + " right after " + left + "'s";
      case WR -> left + " → " + right + " (wr): " + right + " read " + values[edge] + " of " + keys[edge] + ", which " + left + " appended";
      case RW, RW_SET -> left + " → " + right + " (rw): " + left + " read " + keys[edge] + " without " + values[edge] + ", which "
          + right + " appended";
      default -> explainRealTime(from[edge], to[edge]);
    };
  }

  static String explainRealTime(int source, int target) {
    return "T" + source + " → T" + target + " (real time): T" + source + " had ended before T" + target + " began";
  }
}
