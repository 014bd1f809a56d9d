package org.treatydb.kv.enclave.store;

import java.nio.charset.StandardCharsets;
import org.treatydb.kv.api.LockLimits;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.StoreSummary;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.txn.TransactionalStore;
import org.treatydb.kv.host.memory.MemoryCounter;
import org.treatydb.kv.host.memory.MemoryLogStorage;
import org.treatydb.kv.host.system.OffHeapMemory;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/** A host in memory that outlives the stores opened on it, one after the other. */
public final class MemoryHost {

  private static final StoreId STORE = new StoreId("memory-host-test".getBytes(StandardCharsets.US_ASCII));

  private final HostEnvironment environment;

  /** A host without a store, which keeps leaves in {@code leaves}. */
  MemoryHost(SealedStore leaves) {
    this(leaves, new MemoryCounter());
  }

  /** The same, with that counter, which no store is registered at. */
  MemoryHost(SealedStore leaves, TrustedCounter counter) {
    this(leaves, counter, new SystemClock());
  }

  /** On another clock. */
  public MemoryHost(SealedStore leaves, Clock clock) {
    this(leaves, new MemoryCounter(), clock);
  }

  /** On another clock, with that counter. */
  public MemoryHost(SealedStore leaves, TrustedCounter counter, Clock clock) {
    counter.register(STORE);
    environment = new HostEnvironment(
        new MemoryLogStorage(), new MemoryLogStorage(), leaves, counter,
        new OffHeapMemory(), clock, new SystemEntropy(), Thread.ofVirtual().factory());
  }

  private static KeySchedule keys() {
    return new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE);
  }

  TransactionalStore open(StoreLimits limits) {
    return open(limits, TransactionLimits.DEFAULT);
  }

  public TransactionalStore open(StoreLimits limits, TransactionLimits transactionLimits) {
    return new TransactionalStore(
        0, new VersionStore(STORE, keys(), environment, limits), environment, transactionLimits, LockLimits.DEFAULT);
  }

  /** As a node of a cluster. */
  public TransactionalStore openNode(StoreLimits limits) {
    return new TransactionalStore(
        1, new VersionStore(STORE, keys(), environment, limits, HeaderBinding.NONE, StoreRole.NODE), environment,
        TransactionLimits.DEFAULT, LockLimits.DEFAULT);
  }

  /** Checks everything that the closed store holds. */
  public StoreSummary inspect() {
    return new Inspection(STORE, keys(), environment, HeaderBinding.NONE, Progress.NONE).run();
  }
}
