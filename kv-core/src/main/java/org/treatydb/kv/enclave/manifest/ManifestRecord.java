package org.treatydb.kv.enclave.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.enclave.leaf.DirectoryEdit;
import org.treatydb.kv.enclave.leaf.LeafEntry;

/** A record of the MANIFEST. */
public sealed interface ManifestRecord {

  /** Begins a checkpoint: everything but the leaves, which follow in {@code leafParts} parts. */
  record CheckpointStart(ManifestState withoutLeaves, int leafParts) implements ManifestRecord {}

  /** Some of a checkpoint's leaves, ascending. The last part completes the checkpoint. */
  record CheckpointLeaves(List<LeafEntry> leaves) implements ManifestRecord {}

  /** Some of an edit. It has an effect with the {@link Flush} or {@link Load} that completes it, or none. */
  record EditPart(DirectoryEdit edit) implements ManifestRecord {}

  /** A flush; its edit comes behind those of the {@link EditPart}s right before it. The rest as in {@link ManifestState}. */
  record Flush(DirectoryEdit edit, LogHead walHead, long walNeededFrom, long timestamp, long nextLeafId) implements ManifestRecord {

    private Flush with(DirectoryEdit other) {
      return new Flush(other, walHead, walNeededFrom, timestamp, nextLeafId);
    }

    /** The same flush in records none of which is long. */
    public List<ManifestRecord> inParts() {
      return cut(edit, this::with);
    }

    /** The whole flush that this and the parts before it are. */
    Flush completing(List<DirectoryEdit> before) {
      return with(joined(before, edit));
    }
  }

  /**
   * A bulk load; its edit comes behind those of the {@link EditPart}s right before it.
   *
   * @param flushId the flush id of its frames
   * @param timestamp its commit timestamp
   * @param nextLeafId the first of the ids for loads that is free now
   */
  record Load(DirectoryEdit edit, long flushId, long timestamp, long nextLeafId) implements ManifestRecord {

    private Load with(DirectoryEdit other) {
      return new Load(other, flushId, timestamp, nextLeafId);
    }

    /** The same load in records none of which is long. */
    public List<ManifestRecord> inParts() {
      return cut(edit, this::with);
    }

    /** The whole load that this and the parts before it are. */
    Load completing(List<DirectoryEdit> before) {
      return with(joined(before, edit));
    }
  }

  private static List<ManifestRecord> cut(DirectoryEdit edit, Function<DirectoryEdit, ManifestRecord> completedBy) {
    List<DirectoryEdit> parts = edit.split(PART_BYTES);
    List<ManifestRecord> records = new ArrayList<>();
    parts.subList(0, parts.size() - 1).forEach(part -> records.add(new EditPart(part)));
    records.add(completedBy.apply(parts.getLast()));
    return records;
  }

  private static DirectoryEdit joined(List<DirectoryEdit> before, DirectoryEdit last) {
    List<DirectoryEdit> all = new ArrayList<>(before);
    all.add(last);
    return DirectoryEdit.join(all);
  }

  /** About how many bytes of leaves go into one record. */
  int PART_BYTES = 1 << 20;

  /** The records that hold {@code state} as a checkpoint. */
  static List<ManifestRecord> checkpoint(ManifestState state) {
    List<DirectoryEdit> parts = new DirectoryEdit(List.of(), state.directory().leaves()).split(PART_BYTES);
    List<ManifestRecord> records = new ArrayList<>();
    records.add(new CheckpointStart(state, parts.size()));
    parts.forEach(part -> records.add(new CheckpointLeaves(part.put())));
    return records;
  }
}
