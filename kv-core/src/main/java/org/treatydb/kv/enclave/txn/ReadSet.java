package org.treatydb.kv.enclave.txn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.treatydb.kv.api.KeyRange;

/**
 * The keys and ranges that an optimistic transaction has read, as few disjoint ranges. Bounded: when it gets too large, neighbours are
 * joined, with what lies between them; the transaction may then meet conflicts that are none, but misses none. Not thread-safe.
 */
final class ReadSet {

  /** The most it keeps: keys, and {@value #RANGE_OVERHEAD_BYTES} for each range. */
  static final int BYTES_MAX = 4 << 20;

  private static final int RANGE_OVERHEAD_BYTES = 128;

  private TreeMap<byte[], KeyRange> byStart = new TreeMap<>(Arrays::compareUnsigned);
  private long bytes;

  /** Adds {@code range}; takes its arrays over. */
  void add(KeyRange range) {
    if (range.isEmpty()) {
      return;
    }
    KeyRange joined = range;
    Map.Entry<byte[], KeyRange> before = byStart.floorEntry(range.start());
    if (before != null && reaches(before.getValue(), range.start())) {
      if (before.getValue().covers(range)) {
        return;
      }
      joined = hull(before.getValue(), joined);
      remove(before.getValue());
    }
    Map.Entry<byte[], KeyRange> next = byStart.ceilingEntry(joined.start());
    while (next != null && reaches(joined, next.getKey())) {
      joined = hull(joined, next.getValue());
      remove(next.getValue());
      next = byStart.ceilingEntry(joined.start());
    }
    put(joined);
    if (bytes > BYTES_MAX) {
      joinNeighbours();
    }
  }

  /** Whether there is nothing between {@code range} and {@code key}, which is not below it. */
  private static boolean reaches(KeyRange range, byte[] key) {
    return range.end() == null || Arrays.compareUnsigned(range.end(), key) >= 0;
  }

  /** The smallest range over both; {@code low} begins first. */
  private static KeyRange hull(KeyRange low, KeyRange high) {
    if (low.end() == null || high.end() == null) {
      return new KeyRange(low.start(), null);
    }
    return new KeyRange(low.start(), Arrays.compareUnsigned(low.end(), high.end()) > 0 ? low.end() : high.end());
  }

  private void put(KeyRange range) {
    byStart.put(range.start(), range);
    bytes += size(range);
  }

  private void remove(KeyRange range) {
    byStart.remove(range.start());
    bytes -= size(range);
  }

  private static long size(KeyRange range) {
    return RANGE_OVERHEAD_BYTES + range.start().length + (range.end() == null ? 0 : range.end().length);
  }

  /** Joins each two neighbours until half of the room is free. */
  private void joinNeighbours() {
    while (bytes > BYTES_MAX / 2) {
      List<KeyRange> all = ranges();
      byStart = new TreeMap<>(Arrays::compareUnsigned);
      bytes = 0;
      for (int i = 0; i < all.size(); i += 2) {
        put(i + 1 < all.size() ? hull(all.get(i), all.get(i + 1)) : all.get(i));
      }
    }
  }

  /** In key order, disjoint. */
  List<KeyRange> ranges() {
    return new ArrayList<>(byStart.values());
  }
}
