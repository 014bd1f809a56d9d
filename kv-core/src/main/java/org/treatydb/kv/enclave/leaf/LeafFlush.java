package org.treatydb.kv.enclave.leaf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.enclave.version.Entry;

/**
 * Writes the versions of a full memtable into leaves: as a delta frame behind a leaf's others, or, when that leaf has
 * too many or too long deltas, by rewriting it as one or several new leaves without the versions that nobody can see
 * any more. Nothing that the present directory names is changed or deleted; what it no longer names is deleted only
 * after the MANIFEST knows the new one.
 *
 * <p>Not thread-safe; one object a flush.
 */
public final class LeafFlush {

  /** Raw bytes of entries a rewritten leaf gets. */
  static final int LEAF_BYTES_TARGET = 8 << 10;

  /** Frames behind the base before a leaf is rewritten. */
  static final int DELTAS_MAX = 4;

  private static final int EDITS_BYTES_MAX = 4 << 20;

  private final Directory directory;
  private final LeafReader reader;
  private final SealedStore store;
  private final SealedStore.Snapshot snapshot;
  private final long flushId;
  private final long oldestSnapshot;
  private final LongSupplier newLeafId;

  private final List<SealedStore.Edit> edits = new ArrayList<>();
  private long editBytes;
  private final List<byte[]> removed = new ArrayList<>();
  private final List<LeafEntry> put = new ArrayList<>();
  private final List<Long> obsolete = new ArrayList<>();

  /**
   * A flush on top of {@code directory}.
   *
   * @param snapshot the leaves that {@code directory} describes
   * @param oldestSnapshot the smallest timestamp that a reader, present or future, reads at
   */
  public LeafFlush(
      Directory directory, LeafReader reader, SealedStore store, SealedStore.Snapshot snapshot,
      long flushId, long oldestSnapshot, LongSupplier newLeafId) {
    this.directory = directory;
    this.reader = reader;
    this.store = store;
    this.snapshot = snapshot;
    this.flushId = flushId;
    this.oldestSnapshot = oldestSnapshot;
    this.newLeafId = newLeafId;
  }

  /** What a flush has done. */
  public record Result(DirectoryEdit edit, List<Long> obsoleteLeaves) {}

  /** Writes the sorted {@code versions} and returns when they are durable. */
  public Result run(Iterator<Entry> versions) {
    Entry next = versions.hasNext() ? versions.next() : null;
    while (next != null) {
      int number = directory.find(next.key());
      byte[] end = directory.range(number).end();
      List<Entry> fresh = new ArrayList<>();
      while (next != null && (end == null || Arrays.compareUnsigned(next.key(), end) < 0)) {
        fresh.add(next);
        next = versions.hasNext() ? versions.next() : null;
      }
      flushLeaf(directory.leaf(number), fresh);
    }
    store.apply(edits);
    store.sync();
    return new Result(new DirectoryEdit(removed, put), obsolete);
  }

  private void flushLeaf(LeafEntry leaf, List<Entry> fresh) {
    byte[] block = EntryBlock.encode(fresh);
    boolean room = leaf.flushIds().length > 0
        && leaf.flushIds().length <= DELTAS_MAX
        && leaf.deltaBytes() + block.length <= Math.max(leaf.baseBytes(), LEAF_BYTES_TARGET / 2);
    if (room) {
      byte[] frame = reader.frames().seal(leaf.leafId(), flushId, leaf.flushIds().length, block);
      put.add(leaf.withDelta(flushId, frame.length));
      edit(new SealedStore.Edit.Append(leaf.leafId(), frame), frame.length);
    } else {
      rewrite(leaf, fresh);
    }
  }

  private void rewrite(LeafEntry leaf, List<Entry> fresh) {
    List<Entry> all = new ArrayList<>(reader.read(leaf, snapshot).entries());
    all.addAll(fresh);
    List<Entry> kept = collectGarbage(LeafReader.sortedDistinct(all));
    if (leaf.flushIds().length > 0) {
      obsolete.add(leaf.leafId());
    }
    boolean first = leaf.firstKey().length == 0;
    if (kept.isEmpty()) {
      if (first) {
        put.add(LeafEntry.EMPTY);
      } else {
        removed.add(leaf.firstKey());
      }
      return;
    }
    byte[] firstKey = leaf.firstKey();
    for (int from = 0; from < kept.size(); ) {
      int to = pieceEnd(kept, from);
      writeBase(firstKey, kept.subList(from, to));
      from = to;
      firstKey = from < kept.size() ? kept.get(from).key() : null;
    }
  }

  /** Where the piece that begins at {@code from} ends: near the target size, never between two versions of one key. */
  private static int pieceEnd(List<Entry> entries, int from) {
    int bytes = 0;
    int to = from;
    while (to < entries.size()) {
      boolean sameKey = to > from && Arrays.equals(entries.get(to).key(), entries.get(to - 1).key());
      if (bytes >= LEAF_BYTES_TARGET && !sameKey) {
        break;
      }
      bytes += EntryBlock.encodedBytes(entries.get(to++));
    }
    return to;
  }

  private void writeBase(byte[] firstKey, List<Entry> entries) {
    long leafId = newLeafId.getAsLong();
    byte[] frame = reader.frames().seal(leafId, flushId, 0, EntryBlock.encode(entries));
    put.add(new LeafEntry(firstKey, leafId, new long[] {flushId}, frame.length, 0));
    edit(new SealedStore.Edit.Put(leafId, frame), frame.length);
  }

  /** Drops the versions below the newest one that the oldest snapshot sees, and that one, too, if it is a tombstone. */
  private List<Entry> collectGarbage(List<Entry> sorted) {
    List<Entry> kept = new ArrayList<>(sorted.size());
    byte[] settled = null;
    for (Entry each : sorted) {
      if (settled != null && Arrays.equals(settled, each.key())) {
        continue;
      }
      if (each.timestamp() <= oldestSnapshot) {
        settled = each.key();
        if (each.isTombstone()) {
          continue;
        }
      }
      kept.add(each);
    }
    return kept;
  }

  private void edit(SealedStore.Edit edit, int bytes) {
    edits.add(edit);
    editBytes += bytes;
    if (editBytes >= EDITS_BYTES_MAX) {
      store.apply(edits);
      edits.clear();
      editBytes = 0;
    }
  }
}
