package org.treatydb.kv.enclave.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.StoreSummary;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.leaf.Directory;
import org.treatydb.kv.enclave.leaf.FrameSealers;
import org.treatydb.kv.enclave.leaf.LeafCheck;
import org.treatydb.kv.enclave.manifest.ManifestState;

/**
 * Reads and checks a whole store without opening it: no boot epoch is bound, nothing is written. It goes the way of
 * {@link Recovery}, up to where that would bind the epoch, and then through every leaf of the directory; so whatever an
 * opening and a full reading would refuse, this refuses. Used once.
 */
public final class Inspection {

  private static final int LEAVES_AT_ONCE = 64;

  private final StoreId store;
  private final KeySchedule keys;
  private final HostEnvironment host;
  private final HeaderBinding header;
  private final Progress progress;

  private long walRecord;
  private long walWrites;
  private long oldest = Long.MAX_VALUE;
  private long newest;
  private long newestDrawn;

  public Inspection(StoreId store, KeySchedule keys, HostEnvironment host, HeaderBinding header, Progress progress) {
    this.header = header;
    this.store = store;
    this.keys = keys;
    this.host = host;
    this.progress = progress;
  }

  /**
   * Checks everything.
   *
   * @throws KvException.IntegrityViolation with the first thing that is not as the trusted counter, the logs and the
   *     directory say
   * @throws KvException.Unavailable if the disk fails
   */
  public StoreSummary run() {
    Recovery recovery = new Recovery(store, keys, host);
    progress.report("logs", 0, 2);
    ManifestState manifest = recovery.readManifest();
    header.check(manifest, keys);
    progress.report("logs", 1, 2);
    recovery.readWal(manifest, (counter, firstRecord, commit) -> {
      // Of those that had been prepared, the timestamps may be in any order.
      if (counter == firstRecord) {
        if (commit.timestamp() <= newestDrawn) {
          throw new KvException.IntegrityViolation("record " + counter + " of the WAL is not newer than the one before it");
        }
        newestDrawn = commit.timestamp();
      }
      newest = Math.max(newest, commit.timestamp());
      oldest = Math.min(oldest, commit.timestamp());
      walWrites += commit.writes().size();
    });
    walRecord = recovery.walLog().stable().counter();
    progress.report("logs", 2, 2);
    LeafCheck leaves = checkLeaves(manifest);
    oldest = Math.min(oldest, leaves.oldest());
    return new StoreSummary(
        store.toString(), leaves.leaves(), leaves.versions(), leaves.bytes(), walRecord, recovery.manifestLog().stable().counter(),
        walWrites, time(oldest), time(Math.max(leaves.newest(), newest)));
  }

  private LeafCheck checkLeaves(ManifestState manifest) {
    FrameSealers sealers = new FrameSealers(keys);
    manifest.bootSalts().forEach(sealers::addBoot);
    manifest.loads().timestamps().forEach(sealers::addLoad);
    LeafCheck check = new LeafCheck(store, sealers);
    Directory directory = manifest.directory();
    try (SealedStore.Snapshot snapshot = host.leaves().snapshot()) {
      for (int from = 0; from < directory.size(); from += LEAVES_AT_ONCE) {
        progress.report("leaves", from, directory.size());
        int to = Math.min(directory.size(), from + LEAVES_AT_ONCE);
        List<Long> ids = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
          ids.add(directory.leaf(i).leafId());
        }
        List<byte[]> stored = snapshot.get(ids);
        for (int i = from; i < to; i++) {
          check.check(directory.leaf(i), directory.range(i), stored.get(i - from));
        }
      }
    }
    if (check.newest() > manifest.timestamp()) {
      throw new KvException.IntegrityViolation("the leaves hold versions newer than the MANIFEST knows");
    }
    progress.report("leaves", directory.size(), directory.size());
    return check;
  }

  private static Optional<Instant> time(long timestamp) {
    return timestamp == 0 || timestamp == Long.MAX_VALUE ? Optional.empty() : Optional.of(HybridClock.instant(timestamp));
  }
}
