package org.treatydb.kv.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.enclave.store.StoreRole;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.enclave.txn.TransactionalStore;
import org.treatydb.kv.host.file.CounterFile;
import org.treatydb.kv.host.file.DataDirectory;
import org.treatydb.kv.host.file.StateDirectory;
import org.treatydb.kv.host.memory.MemoryCounter;
import org.treatydb.kv.host.memory.MemoryLogStorage;
import org.treatydb.kv.host.memory.MemorySealedStore;
import org.treatydb.kv.host.system.OffHeapMemory;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/**
 * A store in this process: on a directory, or in memory. Thread-safe.
 *
 * <p>A directory is opened by one process at a time. Opening creates the store if the directory is new or empty
 * <em>and</em> no trusted counter remembers a store there: a store that was removed behind our back is missed, not
 * replaced.
 */
public final class EmbeddedStore implements KvStore {

  private static final Entropy ENTROPY = new SystemEntropy();

  private final TransactionalStore store;
  private final CloseStack resources;
  private final Optional<OnlineBackup> backup;

  private EmbeddedStore(TransactionalStore store, CloseStack resources, Optional<OnlineBackup> backup) {
    this.backup = backup;
    this.store = store;
    this.resources = resources;
  }

  /**
   * Opens the store in {@code directory}, or creates it.
   *
   * @throws KvException.IntegrityViolation if the files are not what this store wrote last
   * @throws KvException.Unavailable wrong key, directory in use, disk failure
   * @throws KvException.InvalidRequest contradictory options
   */
  public static EmbeddedStore open(Path directory, EmbeddedStoreOptions options) {
    return open(directory, options, options.limits());
  }

  static EmbeddedStore open(Path directory, EmbeddedStoreOptions options, StoreLimits limits) {
    return open(directory, options, limits, KeySchedule::new);
  }

  /** {@code schedule}: derives a store's working keys; tests put one here that leaves checks out. */
  static EmbeddedStore open(
      Path directory, EmbeddedStoreOptions options, StoreLimits limits, BiFunction<SecretKey, StoreId, KeySchedule> schedule) {
    CloseStack resources = new CloseStack();
    try {
      DataDirectory data = resources.push(DataDirectory.open(directory));
      Path counters = StateDirectory.outside(
          options.counterDirectory().orElseGet(StateDirectory::defaultCounterDirectory), data.path(), "the counter directory");
      TrustedCounter counter = resources.push(new CounterFile(StateDirectory.counterFile(counters, data.path())));
      StoreFiles files = StoreFiles.open(data, counter, new RootKey(options, data.path(), ENTROPY), options, resources);
      VersionStore versions = new VersionStore(
          files.store(), files.keys(schedule, resources), files.host(), limits(limits, options), files.header(), StoreRole.ALONE);
      Optional<OnlineBackup> backup = Optional.of(new OnlineBackup(data, files.leaves(), versions));
      TransactionalStore store = resources.push(new TransactionalStore(
          0, versions, files.host(), options.transactionLimits(), options.lockLimits()));
      return new EmbeddedStore(store, resources, backup);
    } catch (IOException e) {
      throw resources.closedFor(
          new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot open the store at " + directory + ": " + e.getMessage(), e));
    } catch (RuntimeException e) {
      throw resources.closedFor(e);
    } catch (Error e) {
      throw resources.closedFor(e);
    }
  }

  /** Opens a new, empty store in memory: the same engine over a host without a disk. It is gone when it is closed. */
  public static EmbeddedStore openInMemory() {
    return openInMemory(EmbeddedStoreOptions.defaults());
  }

  /** As {@link #openInMemory()}, with what {@code options} say of transactions. */
  public static EmbeddedStore openInMemory(EmbeddedStoreOptions options) {
    CloseStack resources = new CloseStack();
    StoreId id = new StoreId(ENTROPY.bytes(StoreId.BYTES));
    MemoryCounter counter = new MemoryCounter();
    counter.register(id);
    HostEnvironment host = new HostEnvironment(
        new MemoryLogStorage(), new MemoryLogStorage(), resources.push(new MemorySealedStore()), counter,
        new OffHeapMemory(), new SystemClock(), ENTROPY, Thread.ofVirtual().name("treaty-", 0).factory());
    SecretKey key = SecretKey.takeOver(ENTROPY.bytes(SecretKey.BYTES));
    KeySchedule keys = new KeySchedule(key, id);
    resources.push(keys::destroy);
    VersionStore versions = new VersionStore(id, keys, host, limits(options.limits(), options));
    TransactionalStore store = resources.push(new TransactionalStore(
        0, versions, host, options.transactionLimits(), options.lockLimits()));
    return new EmbeddedStore(store, resources, Optional.empty());
  }

  static StoreLimits limits(StoreLimits limits, EmbeddedStoreOptions options) {
    return limits.withSnapshotAgeMax(options.transactionLimits().snapshotAgeMax());
  }

  @Override
  public KvTransaction begin(TransactionOptions options) {
    return store.begin(options);
  }

  /**
   * Loads rows into a range that is empty: much faster than by transactions, since they are written once, straight to where
   * they stay, and not to the WAL. All rows are committed together when this returns, or none: readers see all or nothing
   * of them. Until then the range is locked exclusively. Memory in use does not grow with the rows, except for some sixty
   * bytes for every 8 KiB of them.
   *
   * <p>One load at a time; a second waits. Other transactions go on, but commits stop for a moment at the end. {@code rows}
   * must not use this store in the range's part of it.
   *
   * @param rows in ascending order of keys, each key once; taken one by one as they are needed
   * @return how many rows there were
   * @throws KvException.InvalidRequest if there are rows in the range, or an open snapshot still reads rows deleted from it,
   *     or a row is out of order, outside the range or too long. Nothing has changed
   * @throws KvException.Retryable if somebody keeps the range locked. Nothing has changed
   * @throws KvException.UnknownOutcome if the store failed at the end
   */
  public long load(KeyRange range, Iterator<KeyValue> rows) {
    return store.load(range, rows);
  }

  @Override
  public LockView locks() {
    return store.locks();
  }

  @Override
  public List<TransactionView> transactions() {
    return store.transactions();
  }

  /**
   * Copies the store into {@code to}, a new or empty directory, while others read and write. When this returns the copy
   * is on disk. It is a consistent state: every commit acknowledged before the call is in it, of those acknowledged
   * during it a prefix in commit order. It is sealed under the same root key, and opens after it was
   * {@linkplain StoreAdoption adopted}. A copy that failed half-way is no store, and can be removed.
   *
   * @throws KvException.InvalidRequest if {@code to} is not empty or lies inside the data directory, or the store is in
   *     memory
   * @throws KvException.Unavailable if the disk fails
   */
  public BackupSummary backup(Path to, Progress progress) {
    return backup
        .orElseThrow(() -> new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "a store in memory has no files to back up"))
        .run(to, progress);
  }

  @Override
  public void close() {
    resources.close();
  }

  /** Whether {@code directory} holds a store, as far as one can see without its key. */
  public static boolean exists(Path directory) {
    return Files.exists(directory.resolve("STORE"));
  }
}
