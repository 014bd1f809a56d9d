package org.treatydb.kv.enclave.store;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.enclave.leaf.DirectoryEdit;
import org.treatydb.kv.enclave.leaf.FrameSealers;
import org.treatydb.kv.enclave.leaf.LeafFlush;
import org.treatydb.kv.enclave.leaf.LeafLoad;
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
  private final ToLongFunction<MemTable> walNeededFrom;
  private final long epoch;
  private final FrameSealers sealers;

  /** Held while leaves and MANIFEST are being changed. */
  private final ReentrantLock flushing = new ReentrantLock();
  private ManifestState state;
  private int flushIds;
  private int flushes;
  private final AtomicLong loadLeafIds;

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
    this.walNeededFrom = boot.walNeededFrom();
    this.epoch = boot.epoch();
    this.state = boot.manifest();
    this.sealers = boot.sealers();
    this.loadLeafIds = new AtomicLong(state.loads().nextLeafId());
  }

  /**
   * What a boot begins with.
   *
   * @param walNeededFrom gives the first WAL record that is needed once that memtable is in the leaves, as far as it is not behind it
   */
  record BootState(long epoch, ManifestState manifest, FrameSealers sealers, ToLongFunction<MemTable> walNeededFrom) {}

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

  /**
   * Begins a load of the rows of {@code range}, beside which flushes go on. One load at a time.
   */
  LeafLoad beginLoad(KeyRange range) {
    flushing.lock();
    try {
      return new LeafLoad(reader, host.leaves(), range, FrameSealers.flushId(epoch, flushIds++), loadLeafIds::getAndIncrement);
    } finally {
      flushing.unlock();
    }
  }

  /** Forgets the leaves that a load has written which ends without effect. */
  void abandonLoads() {
    long from;
    flushing.lock();
    try {
      from = state.loads().nextLeafId();
    } finally {
      flushing.unlock();
    }
    host.leaves().apply(List.of(new SealedStore.Edit.DeleteRange(from, loadLeafIds.get())));
  }

  /**
   * Makes a load part of the store, committed at {@code timestamp}, than which nothing newer is and nothing older is still
   * to come. Returns the MANIFEST's head at the load.
   *
   * @throws KvException.UnknownOutcome if the disk or the counter failed on the way
   */
  LogHead publish(LeafLoad load, long timestamp) {
    flushing.lock();
    try {
      DirectoryEdit edit;
      try (SealedStore.Snapshot leaves = host.leaves().snapshot()) {
        edit = load.placeIn(state.directory(), leaves);
      }
      ManifestRecord.Load loaded = new ManifestRecord.Load(edit, load.flushId(), timestamp, loadLeafIds.get());
      Set<Long> gone = state.directory().leavesGoneWith(edit);
      try {
        append(loaded.inParts());
        state = state.apply(loaded);
        sealers.addLoad(load.flushId(), timestamp);
        views.loaded(load.flushId(), timestamp, state.directory());
        delete(gone);
        return manifest.confirmedHead();
      } catch (RuntimeException e) {
        health.fail(e);
        throw new KvException.UnknownOutcome("a bulk load was under way when the store failed: " + e.getMessage(), e);
      }
    } finally {
      flushing.unlock();
    }
  }

  private void append(List<ManifestRecord> parts) {
    parts.stream().mapToLong(manifest::append).max().ifPresent(manifest::awaitStable);
  }

  private void delete(Set<Long> gone) {
    reader.forget(gone);
    host.leaves().apply(gone.stream().<SealedStore.Edit>map(SealedStore.Edit.Delete::new).toList());
  }

  private void flush(MemTable table) {
    LeafIds ids = new LeafIds(state.nextLeafId());
    long flushId = FrameSealers.flushId(epoch, flushIds++);
    long[] readPoints = snapshots.readPoints();
    Retention retention = new Retention(readPoints);
    DirectoryEdit edit;
    try (SealedStore.Snapshot leaves = host.leaves().snapshot()) {
      LeafFlush flush = new LeafFlush(
          state.directory(), reader, host.leaves(), leaves,
          flushId, retention, views.flushTimes().firstAfter(readPoints[0]), ids::take);
      edit = flush.run(table.versions());
    }
    // What was not needed any more once is not needed again.
    long neededFrom = Math.clamp(walNeededFrom.applyAsLong(table), state.walNeededFrom(), table.walHead().counter() + 1);
    ManifestRecord.Flush flushed = new ManifestRecord.Flush(edit, table.walHead(), neededFrom, table.lastTimestamp(), ids.next);
    append(flushed.inParts());
    Set<Long> gone = state.directory().leavesGoneWith(edit);
    state = state.apply(flushed);
    views.flushTimes().forgetUpTo(snapshots.oldestOpen());
    views.flushed(table, flushId, state.directory(), retention.droppedUpTo());
    delete(gone);
    wal.dropBefore(state.walNeededFrom());
    flushes++;
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
