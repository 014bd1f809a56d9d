package org.treatydb.kv.enclave.memtable;

import java.util.ArrayList;
import java.util.List;

/**
 * Versions in order, in a B+-tree whose nodes never change: adding versions gives a new tree, which shares with the old
 * one the nodes that nothing was added to. So whoever holds a tree sees one moment, without a lock, for as long as it
 * likes. Versions added together cost less than each by itself.
 *
 * <p>Immutable and thread-safe.
 */
final class VersionTree {

  static final VersionTree EMPTY = new VersionTree(TreeNode.EMPTY);

  private final TreeNode root;

  private VersionTree(TreeNode root) {
    this.root = root;
  }

  boolean isEmpty() {
    return root.size() == 0;
  }

  /** This tree and {@code sorted}, of which it holds none, and none occurs twice. */
  VersionTree with(List<StoredVersion> sorted) {
    if (sorted.isEmpty()) {
      return this;
    }
    List<TreeNode> level = new ArrayList<>();
    root.add(sorted.toArray(StoredVersion[]::new), 0, sorted.size(), level);
    while (level.size() > 1) {
      List<TreeNode> above = new ArrayList<>();
      TreeNode.addInner(level, above);
      level = above;
    }
    return new VersionTree(level.getFirst());
  }

  /** The first version at or behind (key, timestamp); null if there is none. */
  StoredVersion ceiling(byte[] key, long timestamp) {
    StoredVersion behind = null;
    TreeNode node = root;
    while (!node.isLeaf()) {
      int child = node.childFor(key, timestamp);
      if (child + 1 < node.size()) {
        behind = node.versions()[child + 1];
      }
      node = node.children()[child];
    }
    int at = node.lowerBound(key, timestamp);
    return at < node.size() ? node.versions()[at] : behind;
  }

  /** A place before the first version at or behind (key, timestamp). */
  Place find(byte[] key, long timestamp) {
    Place place = new Place();
    place.descend(root, node -> node.childFor(key, timestamp));
    place.at = place.leaf.lowerBound(key, timestamp);
    return place;
  }

  /** The place before the first version. */
  Place start() {
    Place place = new Place();
    place.descend(root, node -> 0);
    return place;
  }

  /** The place behind the last version. */
  Place end() {
    Place place = new Place();
    place.descend(root, node -> node.size() - 1);
    place.at = place.leaf.size();
    return place;
  }

  private interface Choice {
    int childOf(TreeNode inner);
  }

  private record Step(TreeNode inner, int child) {}

  /** A place between two versions, which moves both ways. Not thread-safe. */
  static final class Place {

    private final List<Step> path = new ArrayList<>();
    private TreeNode leaf;
    private int at;

    private void descend(TreeNode from, Choice choice) {
      TreeNode node = from;
      while (!node.isLeaf()) {
        Step step = new Step(node, choice.childOf(node));
        path.add(step);
        node = node.children()[step.child];
      }
      leaf = node;
    }

    /** Passes the next version and returns it; null at the end. */
    StoredVersion next() {
      if (at == leaf.size()) {
        if (!toSibling(1, inner -> 0)) {
          return null;
        }
        at = 0;
      }
      return leaf.versions()[at++];
    }

    /** Passes the version before and returns it; null at the beginning. */
    StoredVersion previous() {
      if (at == 0) {
        if (!toSibling(-1, inner -> inner.size() - 1)) {
          return null;
        }
        at = leaf.size();
      }
      return leaf.versions()[--at];
    }

    private boolean toSibling(int direction, Choice choice) {
      for (int level = path.size() - 1; level >= 0; level--) {
        Step step = path.get(level);
        int child = step.child + direction;
        if (child >= 0 && child < step.inner.size()) {
          path.subList(level, path.size()).clear();
          path.add(new Step(step.inner, child));
          descend(step.inner.children()[child], choice);
          return true;
        }
      }
      return false;
    }
  }
}
