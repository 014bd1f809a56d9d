package org.treatydb.kv.enclave.manifest;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.enclave.leaf.DirectoryEdit;
import org.treatydb.kv.enclave.leaf.LeafEntry;

/** A record of the MANIFEST. */
public sealed interface ManifestRecord {

  /** Begins a checkpoint: everything but the leaves, which follow in {@code leafParts} parts. */
  record CheckpointStart(ManifestState withoutLeaves, int leafParts) implements ManifestRecord {}

  /** Some of a checkpoint's leaves, ascending. The last part completes the checkpoint. */
  record CheckpointLeaves(List<LeafEntry> leaves) implements ManifestRecord {}

  /** A flush, complete. */
  record Flush(DirectoryEdit edit, long walCounter, long timestamp, long nextLeafId) implements ManifestRecord {}

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
