package org.treatydb.kv.enclave.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A node of a {@link VersionTree}. The arrays never change once the node is made.
 *
 * @param versions a leaf's versions, sorted; in an inner node the first version of each child
 * @param heads for each of these the eight bytes of its key behind the first {@code shared}, as a number that compares
 *     as the bytes do
 * @param shared bytes that the keys of all {@code versions} begin with alike
 * @param children null in a leaf
 */
record TreeNode(StoredVersion[] versions, long[] heads, int shared, TreeNode[] children) {

  /** Versions of a leaf, children of an inner node. */
  static final int SIZE_MAX = 64;

  static final TreeNode EMPTY = new TreeNode(new StoredVersion[0], new long[0], 0, null);

  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  int size() {
    return versions.length;
  }

  boolean isLeaf() {
    return children == null;
  }

  /** How many of the versions come before (key, timestamp). */
  int lowerBound(byte[] key, long timestamp) {
    if (size() == 0) {
      return 0;
    }
    int prefix = comparePrefix(key);
    return prefix != 0 ? prefix < 0 ? 0 : size() : lowerBound(0, key, timestamp);
  }

  /** How {@code key} compares with the bytes that all keys here begin with; 0 if it begins with them, too. */
  private int comparePrefix(byte[] key) {
    return Arrays.compareUnsigned(key, 0, Math.min(key.length, shared), versions[0].key(), 0, shared);
  }

  /** As {@link #lowerBound(byte[], long)}, for a key that begins as all do here, and is known to come after {@code from}. */
  private int lowerBound(int from, byte[] key, long timestamp) {
    long head = head(key, shared);
    int low = from;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (heads[middle] < head || heads[middle] == head && versions[middle].compareTo(key, timestamp) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The number of the child that (key, timestamp) belongs into. */
  int childFor(byte[] key, long timestamp) {
    int at = lowerBound(key, timestamp);
    boolean isFirst = at < size() && versions[at].compareTo(key, timestamp) == 0;
    return isFirst ? at : Math.max(0, at - 1);
  }

  private static long head(byte[] key, int from) {
    long head = 0;
    if (key.length - from >= Long.BYTES) {
      head = (long) LONG.get(key, from);
    } else {
      for (int i = from; i < key.length; i++) {
        head |= (key[i] & 0xffL) << (Long.SIZE - Byte.SIZE * (i - from + 1));
      }
    }
    return head ^ Long.MIN_VALUE;
  }

  /** Adds {@code more[from..to)}, of which this node holds none; gives the nodes that take its place to {@code result}. */
  void add(StoredVersion[] more, int from, int to, List<TreeNode> result) {
    boolean alike = size() > 0 && comparePrefix(more[from].key()) == 0 && comparePrefix(more[to - 1].key()) == 0;
    if (isLeaf()) {
      addToLeaf(more, from, to, alike, result);
      return;
    }
    List<TreeNode> below = new ArrayList<>(size() + 8);
    int done = 0;
    int next = from;
    while (next < to) {
      int child = childFor(more[next].key(), more[next].timestamp());
      below.addAll(Arrays.asList(children).subList(done, child));
      int end = next + 1;
      while (end < to && (child + 1 == size() || comesBefore(more[end], child + 1, alike))) {
        end++;
      }
      children[child].add(more, next, end, below);
      done = child + 1;
      next = end;
    }
    below.addAll(Arrays.asList(children).subList(done, size()));
    if (below.size() == size() && below.getFirst().versions[0] == versions[0]) {
      result.add(new TreeNode(versions, heads, shared, below.toArray(TreeNode[]::new)));
    } else {
      addInner(below, result);
    }
  }

  /** {@code alike}: the key of {@code version} begins as all keys here do. */
  private boolean comesBefore(StoredVersion version, int i, boolean alike) {
    long head = alike ? head(version.key(), shared) : heads[i];
    return head < heads[i] || head == heads[i] && version.compareTo(versions[i]) < 0;
  }

  private void addToLeaf(StoredVersion[] more, int from, int to, boolean alike, List<TreeNode> result) {
    StoredVersion[] merged = new StoredVersion[size() + to - from];
    long[] mergedHeads = new long[merged.length];
    int taken = 0;
    for (int i = from; i < to; i++) {
      StoredVersion next = more[i];
      int at = alike ? lowerBound(taken, next.key(), next.timestamp()) : lowerBound(next.key(), next.timestamp());
      int begin = taken + i - from;
      System.arraycopy(versions, taken, merged, begin, at - taken);
      System.arraycopy(heads, taken, mergedHeads, begin, at - taken);
      merged[at + i - from] = next;
      mergedHeads[at + i - from] = alike ? head(next.key(), shared) : 0;
      taken = at;
    }
    System.arraycopy(versions, taken, merged, taken + to - from, size() - taken);
    System.arraycopy(heads, taken, mergedHeads, taken + to - from, size() - taken);
    if (alike && merged.length <= SIZE_MAX) {
      result.add(new TreeNode(merged, mergedHeads, shared, null));
    } else {
      cut(merged.length, (begin, end) -> result.add(of(Arrays.copyOfRange(merged, begin, end), null)));
    }
  }

  /** Puts inner nodes above {@code below}. */
  static void addInner(List<TreeNode> below, List<TreeNode> result) {
    cut(below.size(), (begin, end) -> {
      TreeNode[] children = below.subList(begin, end).toArray(TreeNode[]::new);
      StoredVersion[] firsts = new StoredVersion[children.length];
      Arrays.setAll(firsts, i -> children[i].versions[0]);
      result.add(of(firsts, children));
    });
  }

  private static TreeNode of(StoredVersion[] versions, TreeNode[] children) {
    int shared = sharedBytes(versions[0], versions[versions.length - 1]);
    long[] heads = new long[versions.length];
    Arrays.setAll(heads, i -> head(versions[i].key(), shared));
    return new TreeNode(versions, heads, shared, children);
  }

  /** Bytes that the keys of two versions, and so of all between them, begin with alike. */
  private static int sharedBytes(StoredVersion a, StoredVersion b) {
    int mismatch = Arrays.mismatch(a.key(), b.key());
    return mismatch < 0 ? a.key().length : mismatch;
  }

  private interface Piece {
    void take(int begin, int end);
  }

  /** Cuts {@code count} elements into as few pieces as may be, all of about the same size. */
  private static void cut(int count, Piece piece) {
    int pieces = (count + SIZE_MAX - 1) / SIZE_MAX;
    for (int i = 0; i < pieces; i++) {
      piece.take((int) ((long) count * i / pieces), (int) ((long) count * (i + 1) / pieces));
    }
  }
}
