package org.treatydb.kv.enclave.leaf;

import java.util.Arrays;
import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.enclave.version.Entry;
import org.treatydb.kv.enclave.version.EntryCursor;

/**
 * What a leaf holds, ready to be read: a block for each of its frames, until it is read again or scanned, when they are merged.
 * A flush makes of it another one, which has its frame, too. Thread-safe, and does not change but for that merging.
 */
public final class OpenedLeaf {

  static final OpenedLeaf EMPTY = new OpenedLeaf(0, List.of());

  private final long lastFlushId;
  private volatile EntryBlock[] blocks;
  /** Whether somebody has searched the blocks one by one; it does no harm not to have heard of it. */
  private boolean searched;

  private OpenedLeaf(long lastFlushId, EntryBlock... blocks) {
    this.lastFlushId = lastFlushId;
    this.blocks = blocks;
  }

  /** {@code frames}: the leaf's, oldest first. */
  OpenedLeaf(long lastFlushId, List<EntryBlock> frames) {
    this(lastFlushId, frames.isEmpty() ? new EntryBlock[] {EntryBlock.EMPTY} : frames.toArray(EntryBlock[]::new));
  }

  /** The same leaf with one frame more. */
  OpenedLeaf with(long flushId, EntryBlock frame) {
    EntryBlock[] present = blocks;
    EntryBlock[] more = Arrays.copyOf(present, present.length + 1);
    more[present.length] = frame;
    return new OpenedLeaf(flushId, more);
  }

  /**
   * Whether this has all frames of {@code leaf}, of which it is. It may have more, of later flushes: what these have written is
   * newer than all that somebody reads who knows the leaf without them, or in the memtables that he looks into first.
   */
  boolean covers(LeafEntry leaf) {
    return Long.compareUnsigned(lastFlushId, leaf.lastFlushId()) >= 0;
  }

  /** Memory in use. */
  int weight() {
    int weight = 0;
    for (EntryBlock each : blocks) {
      weight += each.weight();
    }
    return weight;
  }

  /** All versions in one block. */
  EntryBlock merged() {
    EntryBlock[] present = blocks;
    if (present.length > 1) {
      present = new EntryBlock[] {EntryBlock.merge(List.of(present))};
      blocks = present;
    }
    return present[0];
  }

  /** The newest version of {@code key} visible at {@code timestamp}; null if there is none. */
  public Entry get(byte[] key, long timestamp) {
    EntryBlock[] present = blocks;
    if (present.length == 1 || searched) {
      return merged().get(key, timestamp);
    }
    searched = true;
    Entry newest = null;
    for (EntryBlock each : present) {
      Entry found = each.get(key, timestamp);
      if (found != null && (newest == null || found.timestamp() > newest.timestamp())) {
        newest = found;
      }
    }
    return newest;
  }

  /** The keys in {@code range} with their newest version visible at {@code timestamp}. */
  public EntryCursor scan(KeyRange range, long timestamp, boolean reverse) {
    return merged().scan(range, timestamp, reverse);
  }
}
