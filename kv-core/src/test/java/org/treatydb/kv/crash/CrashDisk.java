package org.treatydb.kv.crash;

import java.nio.charset.StandardCharsets;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.enclave.txn.TransactionalStore;
import org.treatydb.kv.host.system.OffHeapMemory;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/** All that outlives one store's boots: its logs, its leaves, its counter. */
final class CrashDisk {

  /** So small that a few transactions flush, rewrite and split leaves, checkpoint the MANIFEST, begin and drop segments. */
  private static final StoreLimits LIMITS = new StoreLimits(3 << 10, 2, 16 << 10, 3, new SealedLog.Limits(1 << 10, 512));

  private static final StoreId STORE = new StoreId("crash-test-store".getBytes(StandardCharsets.US_ASCII));

  private final CrashLog wal;
  private final CrashLog manifest;
  private final CrashLeaves leaves;
  private final CrashCounter counter = new CrashCounter();

  CrashDisk(Weakness weakness) {
    wal = new CrashLog(weakness);
    manifest = new CrashLog(weakness);
    leaves = new CrashLeaves(weakness);
  }

  /** Opens the store on {@code machine}, the only one that has power; creates it if it is not there. */
  KvStore open(Machine machine) {
    TrustedCounter trusted = counter.on(machine);
    if (trusted.read().isEmpty()) {
      trusted.register(STORE);
    }
    HostEnvironment host = new HostEnvironment(
        wal.on(machine), manifest.on(machine), leaves.on(machine), trusted,
        new OffHeapMemory(), new SystemClock(), new SystemEntropy(), Thread.ofVirtual().factory());
    KeySchedule keys = new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE);
    return new TransactionalStore(0, new VersionStore(STORE, keys, host, LIMITS));
  }

  /** The power is gone: reduces everything to what stays. */
  void crash(Survival survival) {
    wal.crash(survival);
    manifest.crash(survival);
    leaves.crash(survival);
  }
}
