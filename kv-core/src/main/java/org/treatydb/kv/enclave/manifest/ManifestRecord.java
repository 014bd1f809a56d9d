package org.treatydb.kv.enclave.manifest;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.enclave.leaf.DirectoryEdit;
import org.treatydb.kv.enclave.leaf.LeafEntry;

/** A record of the MANIFEST. */
public sealed interface ManifestRecord {

  /** Begins a checkpoint: everything but the leaves, which follow in {@code leafParts} parts. */
  record CheckpointStart(ManifestState withoutLeaves, int leafParts) implements ManifestRecord {}

  /** Some of a checkpoint's leaves, ascending. The last part completes the checkpoint. */
  record CheckpointLeaves(List<LeafEntry> leaves) implements ManifestRecord {}

  /** Some of a flush's edit. It has an effect with the {@link Flush} that completes it, or none. */
  record FlushPart(DirectoryEdit edit) implements ManifestRecord {}

  /** A flush; its edit comes behind those of the {@link FlushPart}s right before it. */
  record Flush(DirectoryEdit edit, LogHead walHead, long timestamp, long nextLeafId) implements ManifestRecord {

    /** The same flush in records none of which is long. */
    public List<ManifestRecord> inParts() {
      List<DirectoryEdit> parts = edit.split(FLUSH_PART_BYTES);
      List<ManifestRecord> records = new ArrayList<>();
      parts.subList(0, parts.size() - 1).forEach(part -> records.add(new FlushPart(part)));
      records.add(new Flush(parts.getLast(), walHead, timestamp, nextLeafId));
      return records;
    }

    /** The whole flush that this and the parts before it are. */
    Flush completing(List<DirectoryEdit> before) {
      List<DirectoryEdit> all = new ArrayList<>(before);
      all.add(edit);
      return new Flush(DirectoryEdit.join(all), walHead, timestamp, nextLeafId);
    }
  }

  /** About how many bytes of a flush's edit go into one record. */
  int FLUSH_PART_BYTES = 1 << 20;

  /** The most leaves in one part. */
  int CHECKPOINT_PART_LEAVES = 16 * 1024;

  /** The records that hold {@code state} as a checkpoint. */
  static List<ManifestRecord> checkpoint(ManifestState state) {
    List<LeafEntry> leaves = state.directory().leaves();
    List<ManifestRecord> records = new ArrayList<>();
    int parts = (leaves.size() + CHECKPOINT_PART_LEAVES - 1) / CHECKPOINT_PART_LEAVES;
    records.add(new CheckpointStart(state, parts));
    for (int from = 0; from < leaves.size(); from += CHECKPOINT_PART_LEAVES) {
      records.add(new CheckpointLeaves(leaves.subList(from, Math.min(leaves.size(), from + CHECKPOINT_PART_LEAVES))));
    }
    return records;
  }
}
