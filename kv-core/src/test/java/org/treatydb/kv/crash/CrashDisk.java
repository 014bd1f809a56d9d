package org.treatydb.kv.crash;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.treatydb.kv.SeenNonces;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.LockLimits;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.store.HeaderBinding;
import org.treatydb.kv.enclave.store.Inspection;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.enclave.store.StoreRole;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.enclave.txn.TransactionalStore;
import org.treatydb.kv.host.system.OffHeapMemory;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/** All that outlives one store's boots: its logs, its leaves, its counter. */
final class CrashDisk {

  /** So small that a few transactions flush, rewrite and split leaves, checkpoint the MANIFEST, begin and drop segments. */
  private static final StoreLimits LIMITS = new StoreLimits(3 << 10, 2, 16 << 10, 3, new SealedLog.Limits(1 << 10, 512, 700));

  /** Nothing is flushed. */
  private static final StoreLimits ROOMY = new StoreLimits(16 << 20, 2, 16 << 10, 3, new SealedLog.Limits(1 << 10, 512, 700));

  /** So short that some batches are kept by the counter, and some are not. */
  private static final int TAIL_BYTES_MAX = 400;

  private static final StoreId STORE = new StoreId("crash-test-store".getBytes(StandardCharsets.US_ASCII));

  private final SeenNonces seen = new SeenNonces();
  private final StoreRole role;
  private final boolean entropyRepeats;
  private final CrashLog wal;
  private final CrashLog manifest;
  private final CrashLeaves leaves;
  private final CrashCounter counter;

  CrashDisk(Weakness weakness) {
    this(weakness, StoreRole.ALONE);
  }

  CrashDisk(Weakness weakness, StoreRole role) {
    this.role = role;
    entropyRepeats = weakness == Weakness.ENTROPY_REPEATS;
    wal = new CrashLog(weakness, LogName.WAL, seen);
    manifest = new CrashLog(weakness, LogName.MANIFEST, seen);
    leaves = new CrashLeaves(weakness, seen);
    counter = new CrashCounter(weakness, TAIL_BYTES_MAX);
  }

  /** Opens the store on {@code machine}, the only one that has power; creates it if it is not there. */
  TransactionalStore open(Machine machine) {
    return open(machine, LIMITS);
  }

  /** Opens the store as {@link #open} does, and takes the power away again before it has changed any leaf for itself. */
  void openForAMoment() {
    Machine machine = new Machine(CrashPoint.NEVER, Survival.EVERYTHING);
    KvStore store = open(machine, ROOMY);
    machine.cutPower();
    store.close();
    crash(machine.survival());
  }

  private TransactionalStore open(Machine machine, StoreLimits limits) {
    TrustedCounter trusted = counter.on(machine);
    if (trusted.read().isEmpty()) {
      trusted.register(STORE);
    }
    HostEnvironment host = host(machine, trusted);
    VersionStore versions = new VersionStore(STORE, keys(), host, limits, HeaderBinding.NONE, role);
    return new TransactionalStore(0, versions, host, TransactionLimits.DEFAULT, LockLimits.DEFAULT);
  }

  private HostEnvironment host(Machine machine, TrustedCounter trusted) {
    return new HostEnvironment(
        wal.on(machine), manifest.on(machine), leaves.on(machine), trusted,
        new OffHeapMemory(), new SystemClock(), entropyRepeats ? repeating() : new SystemEntropy(), Thread.ofVirtual().factory());
  }

  private static Entropy repeating() {
    Random random = new Random(1);
    return length -> {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    };
  }

  private static KeySchedule keys() {
    return new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE);
  }

  /** How many leaves lie there that the directory does not name. Nobody has the store open. */
  long orphans() {
    Machine reader = new Machine(CrashPoint.NEVER, Survival.NOTHING);
    HostEnvironment host = host(reader, counter.on(reader));
    return leaves.count() - new Inspection(STORE, keys(), host, HeaderBinding.NONE, Progress.NONE).run().leaves();
  }

  /**
   * The power is gone: reduces everything to what stays.
   *
   * @throws AssertionError if two different things were ever sealed under one key and nonce
   */
  void crash(Survival survival) {
    wal.crash(survival);
    manifest.crash(survival);
    leaves.crash(survival);
    counter.crash();
    seen.check();
  }
}
