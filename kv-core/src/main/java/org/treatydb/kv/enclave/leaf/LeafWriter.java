package org.treatydb.kv.enclave.leaf;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.treatydb.kv.boundary.SealedStore;

/** Seals one flush's or load's frames and hands them to the sealed store, some MiB at a time. Not thread-safe. */
final class LeafWriter {

  private static final int EDITS_BYTES_MAX = 4 << 20;

  private final LeafReader reader;
  private final FrameCodec frames;
  private final SealedStore store;
  private final long flushId;
  private final LongSupplier newLeafId;
  private final List<SealedStore.Edit> edits = new ArrayList<>();
  private long bytes;

  LeafWriter(LeafReader reader, SealedStore store, long flushId, LongSupplier newLeafId) {
    this.reader = reader;
    this.frames = reader.frames();
    this.store = store;
    this.flushId = flushId;
    this.newLeafId = newLeafId;
  }

  /** Writes a new leaf of one frame; {@code keep}: the cache has it, too, then. */
  LeafEntry base(byte[] firstKey, EntryBlock entries, boolean keep) {
    long leafId = newLeafId.getAsLong();
    byte[] encoded = entries.encode();
    byte[] frame = frames.seal(leafId, flushId, 0, encoded);
    edit(new SealedStore.Edit.Put(leafId, frame), frame.length);
    if (keep) {
      reader.keep(leafId, flushId, EntryBlock.decode(encoded));
    }
    return new LeafEntry(firstKey, leafId, new long[] {flushId}, frame.length, 0, entries.count(), Retention.garbage(entries));
  }

  /** Writes a further frame of {@code leaf}, and returns what the leaf is then. */
  LeafEntry delta(LeafEntry leaf, EntryBlock entries) {
    byte[] frame = frames.seal(leaf.leafId(), flushId, leaf.flushIds().length, entries.encode());
    edit(new SealedStore.Edit.Append(leaf.leafId(), frame), frame.length);
    reader.extend(leaf, flushId, entries);
    // A tombstone is garbage, and makes garbage of what it hides.
    int garbage = Retention.garbage(entries) + Retention.tombstones(entries);
    return leaf.withDelta(flushId, frame.length, entries.count(), garbage);
  }

  private void edit(SealedStore.Edit edit, int length) {
    edits.add(edit);
    bytes += length;
    if (bytes >= EDITS_BYTES_MAX) {
      apply();
    }
  }

  private void apply() {
    store.apply(edits);
    edits.clear();
    bytes = 0;
  }

  /** Returns when all that was written is on stable storage. */
  void sync() {
    apply();
    store.sync();
  }
}
