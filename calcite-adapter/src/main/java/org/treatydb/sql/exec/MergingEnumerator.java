package org.treatydb.sql.exec;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.calcite.linq4j.Enumerator;

/** Merges the rows of several buckets in the order of their keys without the bucket. Opens the buckets when the first row is asked for. */
final class MergingEnumerator implements Enumerator<Object[]> {

  private final List<ScanEnumerator> buckets;
  private final PriorityQueue<ScanEnumerator> waiting;
  private ScanEnumerator first;
  private boolean started;

  /**
   * A merger.
   *
   * @param buckets each in {@code order}
   * @param order of the keys
   */
  MergingEnumerator(List<ScanEnumerator> buckets, Comparator<byte[]> order) {
    this.buckets = buckets;
    this.waiting = new PriorityQueue<>(buckets.size(), Comparator.comparing(ScanEnumerator::currentKey, order));
  }

  @Override
  public Object[] current() {
    return first.current();
  }

  @Override
  public boolean moveNext() {
    if (!started) {
      started = true;
      buckets.forEach(this::advance);
    } else if (first != null) {
      advance(first);
    }
    first = waiting.poll();
    return first != null;
  }

  private void advance(ScanEnumerator bucket) {
    if (bucket.moveNext()) {
      waiting.add(bucket);
    }
  }

  @Override
  public void reset() {
    waiting.clear();
    first = null;
    started = false;
    buckets.forEach(ScanEnumerator::reset);
  }

  @Override
  public void close() {
    waiting.clear();
    first = null;
    buckets.forEach(ScanEnumerator::close);
  }
}
