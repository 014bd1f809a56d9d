package org.treatydb.kv.enclave.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.SealedLogStorage;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.leaf.FrameSealers;
import org.treatydb.kv.enclave.leaf.LeafReader;
import org.treatydb.kv.enclave.log.LogRecovery;
import org.treatydb.kv.enclave.log.RecordCodec;
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

  /** How late readers of a cluster may come with their snapshots. */
  private static final Duration LATE_MAX = Duration.ofSeconds(10);

  private final HostEnvironment host;
  private final StoreLimits limits;
  private final StoreRole role;
  private final Function<SealedLogStorage, LogRecovery> clogRecovery;
  private final Health health;
  private final SnapshotRegistry snapshots;
  private final LeafReader reader;
  private final Views views;
  private final SealedLog<ManifestRecord> manifest;
  private final SealedLog<WalRecord> wal;
  private final PreparedTransactions prepared;
  private final UnstableWrites unstable = new UnstableWrites();
  private final CommitOrder order;
  private final long bootEpoch;
  private final Flusher flushes;
  private final Thread flusher;
  private final BulkLoads loads;

  /** Recovers a store without a header, and begins to serve. */
  public VersionStore(StoreId store, KeySchedule keys, HostEnvironment host, StoreLimits limits) {
    this(store, keys, host, limits, HeaderBinding.NONE);
  }

  /** Recovers a store that is no node of a cluster, and begins to serve. */
  public VersionStore(StoreId store, KeySchedule keys, HostEnvironment host, StoreLimits limits, HeaderBinding header) {
    this(store, keys, host, limits, header, StoreRole.ALONE);
  }

  /**
   * Recovers the store and begins to serve.
   *
   * @throws KvException.IntegrityViolation if what is on disk is not what the trusted counter has confirmed
   * @throws KvException.Unavailable if the disk or the counter fails
   */
  public VersionStore(
      StoreId store, KeySchedule keys, HostEnvironment host, StoreLimits limits, HeaderBinding header, StoreRole role) {
    this.host = host;
    this.limits = limits;
    this.role = role;
    this.health = new Health(host.clock());
    this.prepared = new PreparedTransactions(host.clock(), health);
    Recovery recovery = new Recovery(store, keys, host);
    ManifestState recovered = recovery.readManifest();
    header.check(recovered, keys);
    this.clogRecovery = recovery.recoveryOf(LogName.CLOG);
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
      this.order = new CommitOrder(
          new HybridClock(host.clock(), newest), wal, recovery.walLog().stable().counter(), recovery.clockLimit(), prepared, unstable,
          health, role, host.threads());
      Flusher.BootState boot = new Flusher.BootState(bootEpoch, state, sealers, this::walNeededFrom);
      this.flushes = new Flusher(host, limits, manifest, wal, reader, snapshots, views, health, boot);
      this.loads = new BulkLoads(this, views, snapshots, order, flushes);
      this.flusher = host.threads().newThread(flushes);
    } catch (RuntimeException | Error e) {
      views.close();
      if (begun != null) {
        begun.close();
      }
      throw e;
    }
    flusher.start();
    if (role == StoreRole.NODE) {
      beginAsNode();
    }
  }

  private void beginAsNode() {
    try {
      snapshots.admitLate(LATE_MAX);
      order.begin();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Brings the WAL's commits that are not in the leaves into memtables, and what is undecided to mind; returns the newest timestamp there
   * is, or may have been.
   */
  private long replay(Recovery recovery, ManifestState recovered) {
    long[] newest = {recovered.timestamp()};
    recovery.readWal(recovered, new Recovery.CommitVisitor() {
      @Override
      public void commit(long counter, long firstRecord, WalRecord.Commit commit) {
        if (firstRecord < counter) {
          views.active().reachesBackTo(firstRecord);
        }
        add(commit.writes(), commit.timestamp());
        newest[0] = Math.max(newest[0], commit.timestamp());
      }

      @Override
      public void batchEnd(LogHead head) {
        publish(head, newest[0]);
        views.freezeIfFull(false);
      }
    });
    long clock = Math.max(newest[0], recovery.clockLimit().timestamp());
    for (Recovery.Prepared each : recovery.undecided()) {
      WalRecord.Prepared record = each.record();
      prepared.add(record.transaction(), record.timestamp(), each.counter(), record.writes());
      clock = Math.max(clock, record.timestamp());
    }
    return clock;
  }

  /** The first WAL record that is needed when {@code flushed} is in the leaves, as far as it is not behind that. */
  private long walNeededFrom(MemTable flushed) {
    // In this order: what is decided meanwhile is in a memtable first.
    long first = Math.min(prepared.firstRecord(), views.firstRecordBeside(flushed));
    CommitOrder.Limit limit = order.limit();
    return limit.timestamp() > flushed.lastTimestamp() ? Math.min(first, limit.counter()) : first;
  }

  /** The epoch of this boot: no other boot of this store has had it or will have it. */
  public long bootEpoch() {
    return bootEpoch;
  }

  public Health health() {
    return health;
  }

  /** How many records of the WAL are not confirmed by the trusted counter. */
  public long unconfirmed() {
    return wal.unstable();
  }

  /**
   * Commits one transaction's writes: when this returns they are on disk, confirmed by the trusted counter, and
   * visible.
   *
   * @throws KvException.UnknownOutcome if the disk or the counter failed on the way
   */
  public void commit(TransactionId transaction, List<WalRecord.Write> writes) {
    commit(transaction, 0, Long.MAX_VALUE, writes, () -> { });
  }

  /**
   * Does the same, and returns the commit's timestamp.
   *
   * @param floor the timestamp is above it
   * @param ceiling and not above this
   * @param ordered runs, if the writes are few, as soon as every later commit comes after this one: from then on others may write to the
   *     same keys; those who read them find {@link #unstable} writes
   * @throws KvException.Retryable if the clock is above the ceiling
   */
  public long commit(TransactionId transaction, long floor, long ceiling, List<WalRecord.Write> writes, Runnable ordered) {
    health.check();
    CommitOrder.Appended record = order.commit(transaction, floor, ceiling, writes);
    if (UnstableWrites.takes(writes)) {
      ordered.run();
    }
    awaitOutcome(transaction, record.counter());
    return record.timestamp();
  }

  /** The newest write to {@code key}, which the caller has locked, if that is committed and not stable yet; else null. */
  public UnstableWrite unstable(byte[] key) {
    health.check();
    return unstable.find(key);
  }

  /** Returns when all that is committed in {@code range}, which the caller has locked, is stable and visible. */
  public void awaitStable(KeyRange range) {
    awaitStable(unstable.newestIn(range));
  }

  /** Returns when the WAL's record {@code counter}, and so all before it, is stable and visible. */
  public void awaitStable(long counter) {
    if (counter > 0) {
      order.awaitStable(counter);
    }
  }

  private void awaitOutcome(TransactionId transaction, long counter) {
    try {
      order.awaitStable(counter);
    } catch (RuntimeException e) {
      throw new KvException.UnknownOutcome(
          "the commit of transaction " + transaction + " was under way when the store failed: " + e.getMessage(), e);
    }
  }

  /**
   * Prepares one transaction's writes: when this returns they are on disk and confirmed, and stay so until the transaction is
   * {@linkplain #commitPrepared committed} or {@linkplain #abortPrepared aborted}. The caller keeps everybody else from writing to
   * their keys, then and in later boots.
   *
   * @param floor the timestamp is above it
   * @return the timestamp below which it does not commit
   */
  public long prepare(TransactionId transaction, long floor, List<WalRecord.Write> writes) {
    health.check();
    CommitOrder.Appended record = order.prepare(transaction, floor, writes);
    order.awaitStable(record.counter());
    return record.timestamp();
  }

  /**
   * Commits a prepared transaction: when this returns that is stable and visible. Returns false, and has no effect, if it is not prepared
   * any more.
   *
   * @throws KvException.UnknownOutcome if the disk or the counter failed on the way
   */
  public boolean commitPrepared(TransactionId transaction, long timestamp) {
    health.check();
    long counter = order.commitPrepared(transaction, timestamp);
    if (counter > 0) {
      awaitOutcome(transaction, counter);
    }
    return counter > 0;
  }

  /** Undoes a prepared transaction; returns false, and has no effect, if it is not prepared, or about to be committed. */
  public boolean abortPrepared(TransactionId transaction) {
    health.check();
    return order.abortPrepared(transaction);
  }

  /** Whether that transaction is prepared, or about to be committed after that. */
  public boolean isPrepared(TransactionId transaction) {
    return prepared.find(transaction) != null;
  }

  /** A transaction that is prepared and not decided. */
  public record Undecided(TransactionId transaction, List<WalRecord.Write> writes) {}

  /** The transactions that are prepared and not decided, the oldest first. */
  public List<Undecided> undecided() {
    return prepared.undecided().stream().map(entry -> new Undecided(entry.id(), entry.writes())).toList();
  }

  /** The clock's newest timestamp: at or above those of all records appended so far. A node's later boots draw none at or below it. */
  public long clock() {
    return order.clock();
  }

  /** A later boot draws no timestamp at or below this one. */
  public long clockLimit() {
    return order.limit().timestamp();
  }

  /**
   * From now on, in this boot and later ones, all timestamps drawn are above {@code timestamp}. A store that is closing merges, too, as
   * far as its log has said that the clock may go: nodes that close together need each other's clocks to close their logs.
   */
  public void mergeClock(long timestamp) {
    if (health.hasFailed()) {
      health.check();
    }
    order.merge(timestamp);
  }

  /** A timestamp above {@code floor} and all drawn before. */
  public long drawTimestamp(long floor) {
    health.check();
    return order.draw(floor);
  }

  /**
   * Opens the log of this node's decisions as coordinator: recovered up to what the trusted counter had confirmed when the store was
   * opened, and continued under this boot's epoch. To be called once; the caller closes it.
   *
   * @param replay sees its records, before this returns: the newest for certain. Earlier ones may have been dropped; whether by who was
   *     allowed to, is for it to find out
   * @throws KvException.IntegrityViolation if it is not what the counter had confirmed
   */
  public <R> SealedLog<R> openClog(RecordCodec<R> codec, LogRecovery.RecordVisitor replay) {
    health.check();
    SealedLogStorage storage = host.clog().orElseThrow(() -> new IllegalStateException("this store is no node of a cluster"));
    try {
      LogRecovery clog = clogRecovery.apply(storage);
      clog.readToNewest(replay);
      return new SealedLog<>(clog, host.counter(), bootEpoch, host.entropy(), codec, (records, head) -> { }, limits.log());
    } catch (RuntimeException e) {
      throw noted(e);
    }
  }

  /**
   * Commits rows past the WAL, in new leaves: all or none, and visible like one transaction's. The caller keeps everybody
   * else from writing to {@code range} and from locking in it, and has {@linkplain #awaitStable(KeyRange) waited} for what is committed
   * there. One load at a time; commits and flushes go on beside it.
   *
   * @param rows sorted; not called while others wait
   * @return how many rows there were
   * @throws KvException.InvalidRequest if there is something in the range, or a snapshot still reads what was, or a row is
   *     not where it belongs: nothing has changed
   * @throws KvException.UnknownOutcome if the disk or the counter failed at the end
   */
  public long load(TransactionId transaction, KeyRange range, Iterator<KeyValue> rows) {
    health.check();
    return loads.load(transaction, range, rows);
  }

  private void applyStable(List<WalRecord> records, LogHead head) {
    long newest = 0;
    long counter = head.counter() - records.size();
    List<TransactionId> decided = new ArrayList<>();
    for (WalRecord record : records) {
      counter++;
      switch (record) {
        case WalRecord.Commit commit -> {
          add(commit.writes(), commit.timestamp());
          newest = Math.max(newest, commit.timestamp());
        }
        case WalRecord.Decided commit when commit.isCommit() -> {
          PreparedTransactions.Entry entry = prepared.find(commit.transaction());
          views.active().reachesBackTo(entry.counter());
          add(entry.writes(), commit.timestamp());
          newest = Math.max(newest, commit.timestamp());
          decided.add(commit.transaction());
        }
        case WalRecord.ClockLimit limit -> order.limitStable(counter, limit.timestamp());
        case WalRecord.Loaded _, WalRecord.Prepared _, WalRecord.Decided _ -> {
          // Rows that are in the leaves; writes that are not committed.
        }
      }
    }
    publish(head, newest);
    order.visibleUpTo(head.counter());
    decided.forEach(prepared::remove);
    forgetUnstable(records, head.counter());
    if (views.freezeIfFull(true)) {
      wal.rotate();
    }
  }

  private void forgetUnstable(List<WalRecord> visible, long lastCounter) {
    long counter = lastCounter - visible.size();
    for (WalRecord record : visible) {
      counter++;
      if (record instanceof WalRecord.Commit commit) {
        unstable.remove(counter, commit.writes());
      }
    }
  }

  private void add(List<WalRecord.Write> writes, long timestamp) {
    MemTable active = views.active();
    for (WalRecord.Write write : writes) {
      active.add(write.key(), timestamp, write.value());
    }
  }

  /** Makes what was added visible: everything in the WAL up to {@code head}. */
  private void publish(LogHead head, long timestamp) {
    views.active().publish(head, timestamp);
    snapshots.publish(timestamp);
  }

  /**
   * Begins a snapshot of everything committed so far, and returns its timestamp; {@link #closeSnapshot} ends it.
   *
   * @param waitNanosMax how long it may wait for prepared transactions; if the store is alone there are none to wait for
   * @throws KvException.Retryable if it has waited too long
   */
  public long openSnapshot(long waitNanosMax) {
    health.check();
    if (role == StoreRole.ALONE) {
      return snapshots.open();
    }
    long now = order.clock();
    awaitSnapshot(now, waitNanosMax);
    return now;
  }

  /**
   * Begins a snapshot of everything that is or will be committed at {@code timestamp} or below, for which it waits.
   *
   * @throws KvException.Retryable if it has waited too long, or versions that it would have to read may be gone
   */
  public void openSnapshotAt(long timestamp, long waitNanosMax) {
    mergeClock(timestamp);
    awaitSnapshot(timestamp, waitNanosMax);
  }

  /** {@code timestamp}: the clock is not below it. */
  private void awaitSnapshot(long timestamp, long waitNanosMax) {
    snapshots.open(timestamp);
    boolean opened = false;
    try {
      order.awaitCommitsUpTo(timestamp);
      prepared.awaitNoneUpTo(timestamp, waitNanosMax);
      opened = true;
    } finally {
      if (!opened) {
        snapshots.close(timestamp);
      }
    }
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
    // What is not visible yet is newer than any snapshot. What becomes visible meanwhile is found in the view.
    if (isUnstable(ranges)) {
      return false;
    }
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

  /** Whether a commit that is not visible yet, and so newer than any snapshot, has written a key in {@code ranges}. */
  public boolean isUnstable(List<KeyRange> ranges) {
    return ranges.stream().anyMatch(range -> unstable.newestIn(range) > 0);
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
