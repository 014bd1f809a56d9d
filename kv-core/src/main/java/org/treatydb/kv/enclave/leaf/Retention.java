package org.treatydb.kv.enclave.leaf;

import java.util.Arrays;
import java.util.BitSet;

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

  /** Of versions those that may be seen. A tombstone is: there may be something older elsewhere that it hides. */
  EntryBlock visible(EntryBlock versions) {
    return retain(versions, false);
  }

  /** Of all the versions there are of some keys those that must be kept. */
  EntryBlock needed(EntryBlock versions) {
    return retain(versions, true);
  }

  private EntryBlock retain(EntryBlock versions, boolean dropsTombstones) {
    BitSet dropped = new BitSet();
    for (int i = 0; i < versions.count(); i++) {
      long timestamp = versions.timestamp(i);
      long newer = isNewest(versions, i) ? Long.MAX_VALUE : versions.timestamp(i - 1);
      boolean hidesNothing = timestamp <= oldest() && versions.isTombstone(i);
      boolean seen = isSeen(timestamp, newer);
      if (!seen || dropsTombstones && hidesNothing) {
        dropped.set(i);
        if (timestamp <= oldest()) {
          droppedUpTo = Math.max(droppedUpTo, seen ? timestamp : Math.min(newer, oldest()));
        }
      }
    }
    return versions.without(dropped);
  }

  private static boolean isNewest(EntryBlock versions, int i) {
    return i == 0 || !versions.sameKey(i - 1, i);
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
  static int garbage(EntryBlock versions) {
    int garbage = 0;
    for (int i = 0; i < versions.count(); i++) {
      garbage += !isNewest(versions, i) || versions.isTombstone(i) ? 1 : 0;
    }
    return garbage;
  }

  /** How many of the versions are tombstones. */
  static int tombstones(EntryBlock versions) {
    int tombstones = 0;
    for (int i = 0; i < versions.count(); i++) {
      tombstones += versions.isTombstone(i) ? 1 : 0;
    }
    return tombstones;
  }

  /** Tombstones that nobody needs any more once there is nothing older. */
  int settledTombstones(EntryBlock versions) {
    int settled = 0;
    for (int i = 0; i < versions.count(); i++) {
      settled += versions.isTombstone(i) && versions.timestamp(i) <= oldest() ? 1 : 0;
    }
    return settled;
  }
}
