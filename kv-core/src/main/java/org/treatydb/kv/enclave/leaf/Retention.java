package org.treatydb.kv.enclave.leaf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.treatydb.kv.enclave.version.Entry;

/**
 * Which versions must be kept: of each key those that one of the present readers sees, or a future one may. Of a key that
 * was written a thousand times that is one version for each reader, at most. Knows what was dropped. One
 * flush uses one; not thread-safe.
 */
public final class Retention {

  private final long[] readPoints;
  private long droppedUpTo;

  /**
   * What to keep for these readers.
   *
   * @param readPoints ascending: the timestamps that readers read at, the last of them the smallest that a future reader
   *     may read at. At least one
   */
  public Retention(long... readPoints) {
    this.readPoints = readPoints.clone();
  }

  /**
   * Who reads at a smaller timestamp than this, older than all the readers that versions were kept for, may miss versions that were
   * dropped; nobody else does. Zero if nothing was dropped that such a one could miss.
   */
  public long droppedUpTo() {
    return droppedUpTo;
  }

  private long oldest() {
    return readPoints[0];
  }

  /** Of sorted versions those that may be seen. A tombstone is: there may be something older elsewhere that it hides. */
  List<Entry> visible(List<Entry> sorted) {
    return retain(sorted, false);
  }

  /** Of all the versions there are of some keys, sorted, those that must be kept. */
  List<Entry> needed(List<Entry> sorted) {
    return retain(sorted, true);
  }

  private List<Entry> retain(List<Entry> sorted, boolean dropsTombstones) {
    List<Entry> kept = new ArrayList<>(sorted.size());
    Entry newer = null;
    for (Entry each : sorted) {
      boolean newest = newer == null || !Arrays.equals(newer.key(), each.key());
      boolean hidesNothing = each.isTombstone() && each.timestamp() <= oldest();
      boolean seen = isSeen(each.timestamp(), newest ? Long.MAX_VALUE : newer.timestamp());
      if (seen && !(dropsTombstones && hidesNothing)) {
        kept.add(each);
      } else if (each.timestamp() <= oldest()) {
        droppedUpTo = Math.max(droppedUpTo, seen ? each.timestamp() : Math.min(newer.timestamp(), oldest()));
      }
      newer = each;
    }
    return kept;
  }

  /** Whether anybody reads at {@code timestamp} or later, but before {@code replaced}. */
  private boolean isSeen(long timestamp, long replaced) {
    if (timestamp > readPoints[readPoints.length - 1]) {
      return true;
    }
    int at = Arrays.binarySearch(readPoints, replaced);
    int before = (at >= 0 ? at : -at - 1) - 1;
    return before >= 0 && readPoints[before] >= timestamp;
  }

  /**
   * How many versions a rewriting would drop, once nobody reads older ones than the newest: all but the newest of a key,
   * and that one, too, if it is a tombstone.
   */
  static int garbage(List<Entry> sorted) {
    int garbage = 0;
    Entry newer = null;
    for (Entry each : sorted) {
      boolean newest = newer == null || !Arrays.equals(newer.key(), each.key());
      garbage += !newest || each.isTombstone() ? 1 : 0;
      newer = each;
    }
    return garbage;
  }

  /** Tombstones that nobody needs any more once there is nothing older. */
  int settledTombstones(List<Entry> versions) {
    return (int) versions.stream().filter(each -> each.isTombstone() && each.timestamp() <= oldest()).count();
  }
}
