package org.treatydb.sql.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.sql.catalog.KeySpace;

/**
 * A piece of key space to read: one key, or a range.
 *
 * @param start the key, or the start of the range
 * @param end null for a single key; otherwise the end of the range, excluded
 */
record KeySpan(byte[] start, byte[] end) {

  static KeySpan point(byte[] key) {
    return new KeySpan(key, null);
  }

  static KeySpan of(KeyRange range) {
    return new KeySpan(range.start(), range.end());
  }

  boolean isPoint() {
    return end == null;
  }

  KeyRange range() {
    return new KeyRange(start, end);
  }

  /** This span, which is in the first bucket, in the bucket with this number. */
  KeySpan inBucket(KeySpace space, int number) {
    return number == 0 ? this : new KeySpan(space.inBucket(start, number), isPoint() ? null : space.inBucket(end, number));
  }

  /** {@code spans} in key order, without what occurs twice. */
  static List<KeySpan> merged(List<KeySpan> spans) {
    List<KeySpan> sorted = new ArrayList<>(spans);
    sorted.sort(Comparator.comparing(KeySpan::start, Arrays::compareUnsigned));
    List<KeySpan> merged = new ArrayList<>(sorted.size());
    KeySpan last = null;
    for (KeySpan span : sorted) {
      if (last == null || !last.reaches(span)) {
        merged.add(span);
        last = span;
      } else {
        last = last.union(span);
        merged.set(merged.size() - 1, last);
      }
    }
    return merged;
  }

  /** Whether {@code later}, which does not start before this one, has a key in common with it. */
  private boolean reaches(KeySpan later) {
    return isPoint() ? Arrays.equals(start, later.start) : Arrays.compareUnsigned(later.start, end) < 0;
  }

  private KeySpan union(KeySpan later) {
    if (later.isPoint()) {
      return this;
    }
    return isPoint() || Arrays.compareUnsigned(end, later.end) < 0 ? new KeySpan(start, later.end) : this;
  }
}
