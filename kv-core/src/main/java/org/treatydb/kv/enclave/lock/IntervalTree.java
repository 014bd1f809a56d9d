package org.treatydb.kv.enclave.lock;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.treatydb.kv.api.KeyRange;

/**
 * Key ranges, each with a value, found by what they overlap in O(log n + found). Ranges may overlap and be equal. A treap (Seidel and
 * Aragon, 1996) in order of start, in which each node knows the greatest end below it. Not thread-safe.
 */
final class IntervalTree<T> {

  /** A range in the tree; {@link #remove} takes it out again. */
  static final class Interval<T> {

    final KeyRange range;
    final T value;
    private final long number;
    private final long priority;
    private Interval<T> left;
    private Interval<T> right;
    /** The greatest end here and below; null: endless. */
    private byte[] endMax;

    private Interval(KeyRange range, T value, long number) {
      this.range = range;
      this.value = value;
      this.number = number;
      this.priority = mix(number);
      this.endMax = range.end();
    }

    private boolean isBefore(Interval<T> other) {
      int order = Arrays.compareUnsigned(range.start(), other.range.start());
      return order < 0 || order == 0 && number < other.number;
    }

    private Interval<T> updated() {
      endMax = range.end();
      if (left != null && isBeyond(left.endMax, endMax)) {
        endMax = left.endMax;
      }
      if (right != null && isBeyond(right.endMax, endMax)) {
        endMax = right.endMax;
      }
      return this;
    }
  }

  private Interval<T> root;
  private long added;

  /** The finalizer of SplitMix64 (Steele et al., 2014): priorities as good as random, and the same in every run. */
  private static long mix(long number) {
    long z = number * 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /** Whether one end of a range is greater than another; null: endless. */
  private static boolean isBeyond(byte[] end, byte[] other) {
    return other != null && (end == null || Arrays.compareUnsigned(end, other) > 0);
  }

  boolean isEmpty() {
    return root == null;
  }

  /** Adds a range, which is not empty. */
  Interval<T> add(KeyRange range, T value) {
    Interval<T> added = new Interval<>(range, value, ++this.added);
    root = insert(root, added);
    return added;
  }

  private static <T> Interval<T> insert(Interval<T> node, Interval<T> added) {
    if (node == null) {
      return added;
    }
    if (added.priority > node.priority) {
      split(node, added);
      return added.updated();
    }
    if (added.isBefore(node)) {
      node.left = insert(node.left, added);
    } else {
      node.right = insert(node.right, added);
    }
    return node.updated();
  }

  /** Hangs what is in {@code node} below {@code top}. */
  private static <T> void split(Interval<T> node, Interval<T> top) {
    if (node == null) {
      top.left = null;
      top.right = null;
    } else if (node.isBefore(top)) {
      split(node.right, top);
      node.right = top.left;
      top.left = node.updated();
    } else {
      split(node.left, top);
      node.left = top.right;
      top.right = node.updated();
    }
  }

  /** Removes an interval that is in the tree. */
  void remove(Interval<T> interval) {
    root = remove(root, interval);
  }

  private static <T> Interval<T> remove(Interval<T> node, Interval<T> interval) {
    if (node == interval) {
      return join(node.left, node.right);
    }
    if (interval.isBefore(node)) {
      node.left = remove(node.left, interval);
    } else {
      node.right = remove(node.right, interval);
    }
    return node.updated();
  }

  private static <T> Interval<T> join(Interval<T> left, Interval<T> right) {
    if (left == null) {
      return right;
    }
    if (right == null) {
      return left;
    }
    if (left.priority > right.priority) {
      left.right = join(left.right, right);
      return left.updated();
    }
    right.left = join(left, right.left);
    return right.updated();
  }

  /** Whether {@code test} holds for the value of a range that holds {@code key}; none is tested after it. */
  boolean anyAt(byte[] key, Predicate<? super T> test) {
    return any(root, key, key, true, test);
  }

  /** Whether {@code test} holds for the value of a range that overlaps {@code range}; none is tested after it. */
  boolean anyIn(KeyRange range, Predicate<? super T> test) {
    return any(root, range.start(), range.end(), false, test);
  }

  private static <T> boolean any(Interval<T> node, byte[] start, byte[] end, boolean endIncluded, Predicate<? super T> test) {
    if (node == null || !isBeyondKey(node.endMax, start)) {
      return false;
    }
    if (any(node.left, start, end, endIncluded, test)) {
      return true;
    }
    int order = end == null ? -1 : Arrays.compareUnsigned(node.range.start(), end);
    if (order > 0 || order == 0 && !endIncluded) {
      return false;
    }
    return isBeyondKey(node.range.end(), start) && test.test(node.value) || any(node.right, start, end, endIncluded, test);
  }

  void forEach(Consumer<? super T> action) {
    any(root, KeyRange.ALL.start(), null, false, value -> {
      action.accept(value);
      return false;
    });
  }

  private static boolean isBeyondKey(byte[] end, byte[] key) {
    return end == null || Arrays.compareUnsigned(end, key) > 0;
  }
}
