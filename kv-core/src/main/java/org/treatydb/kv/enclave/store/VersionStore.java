package org.treatydb.kv.enclave.store;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.leaf.FrameSealers;
import org.treatydb.kv.enclave.leaf.LeafLoad;
import org.treatydb.kv.enclave.leaf.LeafReader;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.manifest.ManifestCodec;
import org.treatydb.kv.enclave.manifest.ManifestRecord;
import org.treatydb.kv.enclave.manifest.ManifestState;
import org.treatydb.kv.enclave.memtable.MemTable;
import org.treatydb.kv.enclave.version.Entry;
import org.treatydb.kv.enclave.wal.WalCodec;
import org.treatydb.kv.enclave.wal.WalRecord;

/**
 * Versions of keys, durable, confidential, authentic and fresh. Knows commits and snapshots, not locks: who may write
 * what is for {@code txn} to decide. Any integrity violation fences the whole store.
 *
 * <p>Thread-safe.
 */
public final class VersionStore implements AutoCloseable {

  /** Reads the newest version, whatever its timestamp. */
  public static final long NEWEST = Long.MAX_VALUE;

  private final Health health;
  private final SnapshotRegistry snapshots;
  private final LeafReader reader;
  private final Views views;
  private final SealedLog<ManifestRecord> manifest;
  private final SealedLog<WalRecord> wal;
  private final HybridClock clock;
  private final long bootEpoch;
  private final Flusher flushes;
  private final Thread flusher;
  private final ReentrantLock commitOrder = new ReentrantLock();
  private long lastAppended;
  private final ReentrantLock loading = new ReentrantLock();

  /** Recovers a store without a header, and begins to serve. */
  public VersionStore(StoreId store, KeySchedule keys, HostEnvironment host, StoreLimits limits) {
    this(store, keys, host, limits, HeaderBinding.NONE);
  }

  /**
   * Recovers the store and begins to serve.
   *
   * @throws KvException.IntegrityViolation if what is on disk is not what the trusted counter has confirmed
   * @throws KvException.Unavailable if the disk or the counter fails
   */
  public VersionStore(StoreId store, KeySchedule keys, HostEnvironment host, StoreLimits limits, HeaderBinding header) {
    this.health = new Health(host.clock());
    Recovery recovery = new Recovery(store, keys, host);
    ManifestState recovered = recovery.readManifest();
    header.check(recovered, keys);
    FrameSealers sealers = new FrameSealers(keys);
    recovered.bootSalts().forEach(sealers::addBoot);
    recovered.loads().timestamps().forEach(sealers::addLoad);
    this.reader = new LeafReader(store, sealers, limits.leafCacheBytesMax());
    Supplier<MemTable> newMemTable =
        () -> new MemTable(host.memory(), keys.memory(host.entropy().bytes(KeySchedule.SALT_BYTES)));
    this.views = new Views(host.leaves(), limits, recovered.directory(), newMemTable);
    this.snapshots = new SnapshotRegistry(recovered.timestamp(), host.clock(), limits.snapshotAgeMax());
    SealedLog<ManifestRecord> begun = null;
    try {
      long newest = replay(recovery, recovered);
      this.clock = new HybridClock(host.clock(), newest);
      this.bootEpoch = recovery.bindEpoch();
      recovery.deleteOrphans(recovered);
      byte[] salt = host.entropy().bytes(KeySchedule.SALT_BYTES);
      sealers.addBoot(bootEpoch, salt);
      ManifestState state = header.bind(recovered.withBoot(bootEpoch, salt));
      begun = new SealedLog<>(
          recovery.manifestLog(), host.counter(), bootEpoch, host.entropy(), new ManifestCodec(), (records, head) -> { }, limits.log());
      this.manifest = begun;
      Flusher.checkpoint(manifest, state);
      this.wal = new SealedLog<>(
          recovery.walLog(), host.counter(), bootEpoch, host.entropy(), new WalCodec(), this::applyStable, limits.log());
      Flusher.BootState boot = new Flusher.BootState(bootEpoch, state, sealers);
      this.flushes = new Flusher(host, limits, manifest, wal, reader, snapshots, views, health, boot);
      this.flusher = host.threads().newThread(flushes);
    } catch (RuntimeException | Error e) {
      views.close();
      if (begun != null) {
        begun.close();
      }
      throw e;
    }
    flusher.start();
  }

  /** Brings the WAL's commits that are not in the leaves into memtables; returns the newest timestamp there is. */
  private long replay(Recovery recovery, ManifestState recovered) {
    long[] newest = {recovered.timestamp()};
    recovery.readWal(recovered, new Recovery.CommitVisitor() {
      @Override
      public void commit(long counter, WalRecord.Commit commit) {
        add(commit);
        newest[0] = Math.max(newest[0], commit.timestamp());
      }

      @Override
      public void batchEnd(LogHead head) {
        publish(head, newest[0]);
        views.freezeIfFull(false);
      }
    });
    return newest[0];
  }

  /** The epoch of this boot: no other boot of this store has had it or will have it. */
  public long bootEpoch() {
    return bootEpoch;
  }

  public Health health() {
    return health;
  }

  /**
   * Commits one transaction's writes: when this returns they are on disk, confirmed by the trusted counter, and
   * visible.
   *
   * @throws KvException.UnknownOutcome if the disk or the counter failed on the way
   */
  public void commit(TransactionId transaction, List<WalRecord.Write> writes) {
    health.check();
    long counter;
    commitOrder.lock();
    try {
      counter = wal.append(new WalRecord.Commit(transaction, clock.next(), writes));
      lastAppended = counter;
    } finally {
      commitOrder.unlock();
    }
    try {
      wal.awaitStable(counter);
    } catch (RuntimeException e) {
      health.fail(e);
      throw new KvException.UnknownOutcome(
          "the commit of transaction " + transaction + " was under way when the store failed: " + e.getMessage(), e);
    }
  }

  /**
   * Commits rows past the WAL, in new leaves: all or none, and visible like one transaction's. The caller keeps everybody
   * else from writing to {@code range} and from locking in it. One load at a time; commits and flushes go on beside it.
   *
   * @param rows sorted; not called while others wait
   * @return how many rows there were
   * @throws KvException.InvalidRequest if there is something in the range, or a snapshot still reads what was, or a row is
   *     not where it belongs: nothing has changed
   * @throws KvException.UnknownOutcome if the disk or the counter failed at the end
   */
  public long load(TransactionId transaction, KeyRange range, Iterator<KeyValue> rows) {
    health.check();
    loading.lock();
    try {
      requireEmpty(range);
      if (views.memTablesHold(range)) {
        // What is left of deleted rows would hide the new ones.
        views.freezeWithNextCommit();
        commit(transaction, List.of());
        views.awaitFlushOf(range);
      }
      LeafLoad load = write(flushes.beginLoad(range), rows);
      if (load.rows() > 0) {
        publish(load);
      }
      return load.rows();
    } finally {
      loading.unlock();
    }
  }

  private void requireEmpty(KeyRange range) {
    if (holds(range, NEWEST)) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "there are rows where others are to be loaded");
    }
    for (long timestamp : snapshots.openPoints()) {
      if (isRead(range, timestamp)) {
        throw new KvException.InvalidRequest(
            ErrorCode.INVALID_ARGUMENT, "a snapshot is open that still reads deleted rows where others are to be loaded");
      }
    }
  }

  /** As {@link #holds}; false, too, if reading at {@code timestamp} is refused, as it then stays. */
  private boolean isRead(KeyRange range, long timestamp) {
    try {
      return holds(range, timestamp);
    } catch (KvException.Closed e) {
      if (e.code() == ErrorCode.SNAPSHOT_TOO_OLD) {
        return false;
      }
      throw e;
    }
  }

  private boolean holds(KeyRange range, long timestamp) {
    try (StoreCursor cursor = scan(range, timestamp, false)) {
      return cursor.next();
    } catch (RuntimeException e) {
      throw noted(e);
    }
  }

  private LeafLoad write(LeafLoad load, Iterator<KeyValue> rows) {
    boolean written = false;
    try {
      while (rows.hasNext()) {
        health.check();
        load.add(rows.next());
      }
      if (load.rows() > 0) {
        load.finish();
      }
      written = true;
      return load;
    } finally {
      if (!written && !health.hasFailed()) {
        flushes.abandonLoads();
      }
    }
  }

  /** At a moment when every commit before it is visible and none after it has begun. */
  private void publish(LeafLoad load) {
    commitOrder.lock();
    try {
      wal.awaitStable(lastAppended);
      long timestamp = clock.next();
      LogHead manifestHead = flushes.publish(load, timestamp);
      snapshots.publish(timestamp);
      bindToWal(manifestHead);
    } catch (RuntimeException e) {
      throw noted(e);
    } finally {
      commitOrder.unlock();
    }
  }

  /** Names the MANIFEST with the load in it, before any later commit. */
  private void bindToWal(LogHead manifestHead) {
    try {
      lastAppended = wal.append(new WalRecord.Loaded(manifestHead));
      wal.awaitStable(lastAppended);
    } catch (RuntimeException e) {
      health.fail(e);
      throw new KvException.UnknownOutcome("a bulk load was under way when the store failed: " + e.getMessage(), e);
    }
  }

  private void applyStable(List<WalRecord> records, LogHead head) {
    long newest = 0;
    for (WalRecord record : records) {
      switch (record) {
        case WalRecord.Commit commit -> {
          add(commit);
          newest = commit.timestamp();
        }
        case WalRecord.Loaded _ -> {
          // Its rows are in the leaves.
        }
      }
    }
    publish(head, newest);
    if (views.freezeIfFull(true)) {
      wal.rotate();
    }
  }

  private void add(WalRecord.Commit commit) {
    MemTable active = views.active();
    for (WalRecord.Write write : commit.writes()) {
      active.add(write.key(), commit.timestamp(), write.value());
    }
  }

  /** Makes what was added visible: everything in the WAL up to {@code head}. */
  private void publish(LogHead head, long timestamp) {
    views.active().publish(head, timestamp);
    snapshots.publish(timestamp);
  }

  /** Begins a snapshot of everything committed so far, and returns its timestamp; {@link #closeSnapshot} ends it. */
  public long openSnapshot() {
    health.check();
    return snapshots.open();
  }

  public void closeSnapshot(long timestamp) {
    snapshots.close(timestamp);
  }

  /** The value of {@code key} in the newest version visible at {@code timestamp}; null if there is none. */
  public byte[] get(byte[] key, long timestamp) {
    health.check();
    View view = views.acquire();
    try {
      view.check(timestamp);
      Entry found = MemTable.firstVisible(view.memTables, key, timestamp);
      if (found == null) {
        found = reader.read(view.directory.leaf(view.directory.find(key)), view.leaves).get(key, timestamp);
      }
      return found == null ? null : found.value();
    } catch (KvException.IntegrityViolation e) {
      health.fail(e);
      throw e;
    } finally {
      view.release();
    }
  }

  /** The values of {@code keys}, each as {@link #get} gives it, all read from one view. */
  public List<byte[]> multiGet(List<byte[]> keys, long timestamp) {
    health.check();
    View view = views.acquire();
    try {
      view.check(timestamp);
      return new MultiGet(view, reader, timestamp).run(keys);
    } catch (RuntimeException e) {
      throw noted(e);
    } finally {
      view.release();
    }
  }

  /** Scans the keys in {@code range} with their newest versions visible at {@code timestamp}. */
  public StoreCursor scan(KeyRange range, long timestamp, boolean reverse) {
    health.check();
    KeyRange wanted = range.isEmpty() ? new KeyRange(range.start(), range.start()) : range;
    View view = views.acquire();
    try {
      view.check(timestamp);
      return new StoreCursor(view, reader, wanted, timestamp, reverse);
    } catch (RuntimeException e) {
      view.release();
      throw noted(e);
    }
  }

  /**
   * Whether no commit newer than {@code since}, the timestamp of an open snapshot, has written a key in {@code ranges}. Certain only
   * for keys that the caller has locked. Looks into what was written since, and no further.
   */
  public boolean isUnchanged(List<KeyRange> ranges, long since) {
    health.check();
    View view = views.acquire();
    try {
      view.check(since);
      ChangeSearch search = new ChangeSearch(view, reader, since, views.flushTimes().firstAfter(since));
      return ranges.stream().noneMatch(search::finds);
    } catch (RuntimeException e) {
      throw noted(e);
    } finally {
      view.release();
    }
  }

  /**
   * Captures what a backup needs while others read and write: runs {@code checkpointLeaves} at a moment when nothing is
   * being flushed, and gives the logs of that moment. Every commit acknowledged before the call is in it. Flushes wait
   * as long as {@code checkpointLeaves} takes; commits wait only if the memtables fill up meanwhile.
   */
  public Capture capture(Runnable checkpointLeaves) {
    health.check();
    return flushes.capture(checkpointLeaves);
  }

  /** Passes {@code e} on; if it is an integrity violation, fences the store first. */
  RuntimeException noted(RuntimeException e) {
    return health.noted(e);
  }

  /**
   * Makes what was appended stable, ends the flusher, gives memory back. Readers that are still there keep their view's
   * memtables, and are refused when they need more.
   */
  @Override
  public void close() {
    if (!health.close()) {
      return;
    }
    try {
      wal.close();
      if (!health.hasFailed()) {
        views.flushAll();
      }
    } catch (RuntimeException e) {
      health.fail(e);
    }
    views.stop();
    joinFlusher();
    try {
      manifest.close();
    } finally {
      views.close();
    }
  }

  private void joinFlusher() {
    boolean interrupted = false;
    while (true) {
      try {
        flusher.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
