package org.treatydb.kv.enclave.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.leaf.Directory;
import org.treatydb.kv.enclave.leaf.DirectoryEdit;
import org.treatydb.kv.enclave.leaf.LeafEntry;
import org.treatydb.kv.enclave.log.LogRecovery;

/**
 * Rebuilds the state from the MANIFEST's records. A checkpoint replaces the state when its last part has come; one that
 * a crash cut short has no effect, since the records before it are kept until it is complete. What comes before the first
 * checkpoint has no effect either: a crash has left it behind while all that a complete checkpoint replaces was being
 * dropped. Used once, by one thread.
 */
public final class ManifestReplay implements LogRecovery.RecordVisitor {

  private final ManifestCodec codec = new ManifestCodec();
  private final LogHead walGenesis;
  private ManifestState state;
  private ManifestRecord.CheckpointStart checkpoint;
  private List<LeafEntry> leaves;
  private int partsLeft;
  private final List<DirectoryEdit> editParts = new ArrayList<>();
  private final List<Long> gone = new ArrayList<>();

  /** {@code walGenesis}: the WAL's head before its first record. */
  public ManifestReplay(LogHead walGenesis) {
    this.walGenesis = walGenesis;
  }

  @Override
  public void record(long counter, ByteReader record) {
    switch (codec.decode(record)) {
      case ManifestRecord.CheckpointStart start -> {
        editParts.clear();
        checkpoint = start;
        leaves = new ArrayList<>();
        partsLeft = start.leafParts();
      }
      case ManifestRecord.CheckpointLeaves part -> addLeaves(part);
      case ManifestRecord.EditPart part -> editParts.add(part.edit());
      case ManifestRecord.Flush last -> {
        ManifestRecord.Flush flush = last.completing(editParts);
        edited(flush.edit(), before -> before.apply(flush));
      }
      case ManifestRecord.Load last -> {
        ManifestRecord.Load load = last.completing(editParts);
        edited(load.edit(), before -> before.apply(load));
      }
    }
  }

  private void edited(DirectoryEdit edit, UnaryOperator<ManifestState> change) {
    editParts.clear();
    if (state != null) {
      gone.addAll(state.directory().leavesGoneWith(edit));
      state = change.apply(state);
    }
  }

  private void addLeaves(ManifestRecord.CheckpointLeaves part) {
    if (checkpoint == null) {
      if (state == null) {
        return;
      }
      throw new MalformedBytesException("a checkpoint without its beginning");
    }
    leaves.addAll(part.leaves());
    if (--partsLeft == 0) {
      ManifestState start = checkpoint.withoutLeaves();
      state = new ManifestState(
          Directory.of(leaves), start.bootSalts(), start.walHead(), start.walNeededFrom(), start.timestamp(), start.nextLeafId(),
          start.headers(), start.loads());
      checkpoint = null;
    }
  }

  /**
   * Leaves that flushes and loads put out of the directory, whose deletion the sealed store may not have kept: those of the records
   * that are still there, which are dropped only once it has.
   */
  public List<Long> leavesGone() {
    return List.copyOf(gone);
  }

  /**
   * The state after the last record.
   *
   * @param recordsStable how many records the MANIFEST has ever confirmed
   * @throws KvException.IntegrityViolation if there were records, but no complete checkpoint is left of them
   */
  public ManifestState result(long recordsStable) {
    if (state != null) {
      return state;
    }
    if (recordsStable > 0) {
      throw new KvException.IntegrityViolation(
          ErrorCode.ROLLBACK_DETECTED, "the MANIFEST holds no complete checkpoint: parts of it were removed", null);
    }
    return ManifestState.empty(walGenesis);
  }
}
