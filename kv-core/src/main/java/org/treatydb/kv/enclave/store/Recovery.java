package org.treatydb.kv.enclave.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.SealedLogStorage;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.crypto.Defences;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.log.LogIdentity;
import org.treatydb.kv.enclave.log.LogRecovery;
import org.treatydb.kv.enclave.manifest.Loads;
import org.treatydb.kv.enclave.manifest.ManifestReplay;
import org.treatydb.kv.enclave.manifest.ManifestState;
import org.treatydb.kv.enclave.wal.WalCodec;
import org.treatydb.kv.enclave.wal.WalRecord;

/**
 * Recovery, up to the moment before the store serves (TREATY, section "recovery"): fetch the counters; read MANIFEST
 * and WAL exactly up to what they confirm, checking every record; refuse if anything is missing, changed or older; then
 * bind a fresh boot epoch, so that a second copy of this store can confirm nothing any more. Used once.
 */
final class Recovery {

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  /** Sees the WAL's commits that are not in the leaves yet, in order. */
  interface CommitVisitor {

    /**
     * Sees a commit.
     *
     * @param counter of the record that committed it
     * @param firstRecord the record with its writes: an earlier one if the transaction had been prepared
     */
    void commit(long counter, long firstRecord, WalRecord.Commit commit);

    /** The commits up to {@code head}, where a batch ends, have been seen. */
    default void batchEnd(LogHead head) {}
  }

  private final StoreId store;
  private final KeySchedule keys;
  private final HostEnvironment host;

  private TrustedCounter.State counters;
  private final ManifestReplay replay;
  /** The MANIFEST's heads at the ends of its batches, by counter. */
  private final TreeMap<Long, LogHead> manifestHeads = new TreeMap<>();
  private LogRecovery manifestLog;
  private LogRecovery walLog;
  private final Map<TransactionId, Prepared> undecided = new LinkedHashMap<>();
  private CommitOrder.Limit clockLimit = CommitOrder.Limit.NONE;

  /** A transaction that the WAL's record {@code counter} has prepared. */
  record Prepared(long counter, WalRecord.Prepared record) {}

  Recovery(StoreId store, KeySchedule keys, HostEnvironment host) {
    this.store = store;
    this.keys = keys;
    this.host = host;
    this.replay = new ManifestReplay(new LogIdentity(store, LogName.WAL, keys).genesis());
  }

  /** Reads the MANIFEST. */
  ManifestState readManifest() {
    counters = host.counter().read().orElseThrow(() -> new KvException.IntegrityViolation(
        ErrorCode.ROLLBACK_DETECTED, "no trusted counter knows this store, so its freshness cannot be checked", null));
    if (!counters.store().equals(store)) {
      throw new KvException.IntegrityViolation(
          ErrorCode.ROLLBACK_DETECTED, "the trusted counter belongs to store " + counters.store() + ", this is store " + store, null);
    }
    manifestLog = log(LogName.MANIFEST, host.manifest());
    manifestLog.read(new LogRecovery.RecordVisitor() {
      @Override
      public void record(long counter, ByteReader record) {
        replay.record(counter, record);
      }

      @Override
      public void batchEnd(LogHead head) {
        manifestHeads.put(head.counter(), head);
      }
    });
    return replay.result(manifestLog.stable().counter());
  }

  /** Reads the WAL: the commits behind what {@code manifest} says is in the leaves, and all that is undecided. */
  void readWal(ManifestState manifest, CommitVisitor visitor) {
    walLog = log(LogName.WAL, host.wal());
    long inLeaves = manifest.walHead().counter();
    if (walLog.stable().counter() < inLeaves) {
      throw new KvException.IntegrityViolation(
          ErrorCode.ROLLBACK_DETECTED,
          "the MANIFEST covers WAL record " + inLeaves + ", the trusted counter only " + walLog.stable().counter(), null);
    }
    WalCodec codec = new WalCodec();
    walLog.readThrough(manifest.walHead(), manifest.walNeededFrom(), new LogRecovery.RecordVisitor() {
      @Override
      public void record(long counter, ByteReader record) {
        switch (codec.decode(record)) {
          case WalRecord.Commit commit -> {
            if (counter > inLeaves) {
              visitor.commit(counter, counter, commit);
            }
          }
          case WalRecord.Prepared prepared -> undecided.put(prepared.transaction(), new Prepared(counter, prepared));
          case WalRecord.Decided decided -> decided(counter, inLeaves, decided, visitor);
          case WalRecord.ClockLimit limit -> clockLimit = new CommitOrder.Limit(counter, limit.timestamp());
          case WalRecord.Loaded loaded -> requireInManifest(loaded.manifestHead());
        }
      }

      @Override
      public void batchEnd(LogHead head) {
        if (head.counter() > inLeaves) {
          visitor.batchEnd(head);
        }
      }
    });
    LOG.debug("recovered store {}: MANIFEST {}, WAL {}", store, manifestLog.stable(), walLog.stable());
  }

  private void decided(long counter, long inLeaves, WalRecord.Decided decided, CommitVisitor visitor) {
    Prepared prepared = undecided.remove(decided.transaction());
    if (counter <= inLeaves || !decided.isCommit()) {
      return;
    }
    if (prepared == null) {
      throw new KvException.IntegrityViolation("record " + counter + " of the WAL commits a transaction that was not prepared");
    }
    visitor.commit(
        counter, prepared.counter, new WalRecord.Commit(decided.transaction(), decided.timestamp(), prepared.record.writes()));
  }

  /** The transactions that are prepared and neither committed nor aborted; once the WAL is read. */
  List<Prepared> undecided() {
    return List.copyOf(undecided.values());
  }

  /** The newest limit of the clock, once the WAL is read. */
  CommitOrder.Limit clockLimit() {
    return clockLimit;
  }

  /** The MANIFEST must lead through {@code head}, unless what was around it has been dropped behind a checkpoint since. */
  private void requireInManifest(LogHead head) {
    boolean dropped = !manifestHeads.isEmpty() && head.counter() < manifestHeads.firstKey();
    if (!dropped && !head.equals(manifestHeads.get(head.counter())) && keys.defences().isOn(Defences.Defence.MANIFEST_HEAD)) {
      throw new KvException.IntegrityViolation(
          ErrorCode.ROLLBACK_DETECTED,
          "the MANIFEST at record " + head.counter() + " is not the one that the WAL goes with: it was cut, or is that of another copy "
              + "of the store", null);
    }
  }

  private LogRecovery log(LogName name, SealedLogStorage storage) {
    return recoveryOf(name).apply(storage);
  }

  /** Gives the recovery of a log, still to be read, whose storage that is. To be called when the MANIFEST is read, or later. */
  Function<SealedLogStorage, LogRecovery> recoveryOf(LogName name) {
    LogIdentity identity = new LogIdentity(store, name, keys);
    LogHead stable = counters.heads().getOrDefault(name, identity.genesis());
    return storage -> new LogRecovery(identity, storage, stable, counters.tail(name));
  }

  /** Binds the new boot epoch. From here on, older boots are fenced. */
  long bindEpoch() {
    return host.counter().bindEpoch(counters.bootEpoch());
  }

  /**
   * Deletes the leaves that a crash left behind and no directory names: those that went out of the directory shortly
   * before, and those that a flush or load wrote which never got into the MANIFEST. To be called once the epoch is bound, and
   * before the MANIFEST forgets the flushes it holds.
   */
  void deleteOrphans(ManifestState manifest) {
    List<SealedStore.Edit> edits = new ArrayList<>();
    replay.leavesGone().forEach(leaf -> edits.add(new SealedStore.Edit.Delete(leaf)));
    boolean knownOnlyHere = !edits.isEmpty();
    edits.add(new SealedStore.Edit.DeleteRange(manifest.nextLeafId(), Loads.LEAF_IDS_FROM));
    edits.add(new SealedStore.Edit.DeleteRange(manifest.loads().nextLeafId(), Long.MAX_VALUE));
    host.leaves().apply(edits);
    if (knownOnlyHere) {
      host.leaves().sync();
    }
  }

  LogRecovery manifestLog() {
    return manifestLog;
  }

  LogRecovery walLog() {
    return walLog;
  }
}
