package org.treatydb.kv.enclave.store;

import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.enclave.leaf.DirectoryEdit;
import org.treatydb.kv.enclave.leaf.FrameSealers;
import org.treatydb.kv.enclave.leaf.LeafFlush;
import org.treatydb.kv.enclave.leaf.LeafReader;
import org.treatydb.kv.enclave.leaf.Retention;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.manifest.ManifestRecord;
import org.treatydb.kv.enclave.manifest.ManifestState;
import org.treatydb.kv.enclave.memtable.MemTable;
import org.treatydb.kv.enclave.wal.WalRecord;

/**
 * Turns full memtables into leaves, oldest first: frames to the sealed store, sync, MANIFEST edit stable, new view
 * published; only then old leaves are deleted and WAL segments dropped. A crash anywhere leaves the old directory or
 * the new one. One thread runs it.
 */
final class Flusher implements Runnable {

  private final HostEnvironment host;
  private final StoreLimits limits;
  private final SealedLog<ManifestRecord> manifest;
  private final SealedLog<WalRecord> wal;
  private final LeafReader reader;
  private final SnapshotRegistry snapshots;
  private final Views views;
  private final Health health;
  private final long epoch;

  /** Held while leaves and MANIFEST are being changed. */
  private final ReentrantLock flushing = new ReentrantLock();
  private ManifestState state;
  private int flushes;

  Flusher(
      HostEnvironment host, StoreLimits limits, SealedLog<ManifestRecord> manifest, SealedLog<WalRecord> wal, LeafReader reader,
      SnapshotRegistry snapshots, Views views, Health health, BootState boot) {
    this.host = host;
    this.limits = limits;
    this.manifest = manifest;
    this.wal = wal;
    this.reader = reader;
    this.snapshots = snapshots;
    this.views = views;
    this.health = health;
    this.epoch = boot.epoch();
    this.state = boot.manifest();
  }

  /** What a boot begins with. */
  record BootState(long epoch, ManifestState manifest) {}

  @Override
  public void run() {
    try {
      MemTable oldest = views.takeFrozen();
      while (oldest != null) {
        flushing.lock();
        try {
          flush(oldest);
        } finally {
          flushing.unlock();
        }
        oldest = views.takeFrozen();
      }
    } catch (RuntimeException e) {
      health.fail(e);
    } catch (Error e) {
      health.fail(new KvException.Unavailable(ErrorCode.IO_FAILURE, "the flusher ended: " + e, e));
      throw e;
    } finally {
      views.stop();
    }
  }

  /**
   * Lets {@code checkpointLeaves} run between two flushes, and captures the logs of that same moment: the leaves are
   * those the MANIFEST names, the WAL goes at least as far as the MANIFEST says.
   */
  Capture capture(Runnable checkpointLeaves) {
    flushing.lock();
    try {
      checkpointLeaves.run();
      return new Capture(manifest.stableExtent(), wal.stableExtent());
    } finally {
      flushing.unlock();
    }
  }

  private void flush(MemTable table) {
    LeafIds ids = new LeafIds(state.nextLeafId());
    long flushId = FrameSealers.flushId(epoch, flushes++);
    long[] readPoints = snapshots.readPoints();
    DirectoryEdit edit;
    try (SealedStore.Snapshot leaves = host.leaves().snapshot()) {
      LeafFlush flush = new LeafFlush(
          state.directory(), reader, host.leaves(), leaves,
          flushId, new Retention(readPoints), views.flushTimes().firstAfter(readPoints[0]), ids::take);
      edit = flush.run(table.versions());
    }
    ManifestRecord.Flush flushed = new ManifestRecord.Flush(edit, table.walHead(), table.lastTimestamp(), ids.next);
    flushed.inParts().stream().mapToLong(manifest::append).max().ifPresent(manifest::awaitStable);
    Set<Long> gone = state.directory().leavesGoneWith(edit);
    state = state.apply(flushed);
    views.flushTimes().forgetUpTo(readPoints[0]);
    views.flushed(table, flushId, state.directory());
    host.leaves().apply(gone.stream().<SealedStore.Edit>map(SealedStore.Edit.Delete::new).toList());
    wal.dropBefore(state.walHead().counter() + 1);
    if (flushes % limits.flushesPerCheckpoint() == 0) {
      // The MANIFEST is about to forget which leaves were to be deleted.
      host.leaves().sync();
      checkpoint(manifest, state);
    }
  }

  /** Begins the MANIFEST anew with a checkpoint of {@code state}, and drops what came before. */
  static void checkpoint(SealedLog<ManifestRecord> manifest, ManifestState state) {
    manifest.rotate();
    List<ManifestRecord> records = ManifestRecord.checkpoint(state);
    long last = 0;
    for (ManifestRecord record : records) {
      last = manifest.append(record);
    }
    manifest.awaitStable(last);
    manifest.dropBefore(last - records.size() + 1);
  }

  private static final class LeafIds {
    private long next;

    LeafIds(long next) {
      this.next = next;
    }

    long take() {
      return next++;
    }
  }
}
