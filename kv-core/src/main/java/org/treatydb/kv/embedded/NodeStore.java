package org.treatydb.kv.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.lifecycle.AbstractTransaction;
import org.treatydb.kv.enclave.log.LogRecovery;
import org.treatydb.kv.enclave.log.RecordCodec;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.store.HeaderBinding;
import org.treatydb.kv.enclave.store.Inspection;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.enclave.store.StoreRole;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.enclave.txn.Branch;
import org.treatydb.kv.enclave.txn.ParticipantStore;
import org.treatydb.kv.enclave.txn.TransactionalStore;
import org.treatydb.kv.host.file.DataDirectory;
import org.treatydb.kv.host.file.FileLogStorage;

/**
 * The store of one node of a cluster, on a directory: a participant in distributed transactions, and the log of the node's own decisions
 * as coordinator. Thread-safe.
 *
 * <p>A directory is opened by one process at a time. Opening creates the store if the directory is new or empty <em>and</em> the trusted
 * counter remembers none.
 */
public final class NodeStore implements ParticipantStore {

  private final TransactionalStore store;
  private final VersionStore versions;
  private final CloseStack resources;

  private NodeStore(TransactionalStore store, VersionStore versions, CloseStack resources) {
    this.store = store;
    this.versions = versions;
    this.resources = resources;
  }

  /**
   * Opens the store in {@code directory}, or creates it.
   *
   * @param node the node's id, from 1; its negative is in the ids of the transactions that begin here, apart from those it coordinates
   * @param rootKey the caller's
   * @param counter the trusted counter of this node; the caller closes it, after the store
   * @param options memory and limits; key and counter in it do not matter
   * @throws KvException.IntegrityViolation if the files are not what this store wrote last
   * @throws KvException.Unavailable wrong key, directory in use, disk failure, counter out of reach
   */
  public static NodeStore open(int node, Path directory, SecretKey rootKey, TrustedCounter counter, EmbeddedStoreOptions options) {
    return open(node, directory, rootKey, counter, options, host -> host);
  }

  /** The same, on what {@code wrapped} makes of the host: tests put failures there. */
  public static NodeStore open(
      int node, Path directory, SecretKey rootKey, TrustedCounter counter, EmbeddedStoreOptions options,
      UnaryOperator<HostEnvironment> wrapped) {
    CloseStack resources = new CloseStack();
    try {
      DataDirectory data = resources.push(DataDirectory.open(directory));
      StoreFiles files = StoreFiles.open(data, counter, new RootKeySource.Given(rootKey), options, resources);
      HostEnvironment host = wrapped.apply(files.host().withClog(Optional.of(FileLogStorage.writingAhead(data.clog()))));
      VersionStore versions = new VersionStore(
          files.store(), files.keys(KeySchedule::new, resources), host, EmbeddedStore.limits(options.limits(), options), files.header(),
          StoreRole.NODE);
      return on(node, versions, host, options, resources);
    } catch (IOException e) {
      throw resources.closedFor(
          new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot open the store at " + directory + ": " + e.getMessage(), e));
    } catch (RuntimeException e) {
      throw resources.closedFor(e);
    } catch (Error e) {
      throw resources.closedFor(e);
    }
  }

  /**
   * Opens a store that has no header, on a host that has no files: a simulator's.
   *
   * @param store a new store is created under this name, once its counter knows it
   * @param keys the caller's
   * @param options limits of transactions and locks; nothing else in it matters
   */
  public static NodeStore onHost(
      int node, StoreId store, KeySchedule keys, HostEnvironment host, StoreLimits limits, EmbeddedStoreOptions options) {
    if (host.counter().read().isEmpty()) {
      host.counter().register(store);
    }
    VersionStore versions = new VersionStore(store, keys, host, limits, HeaderBinding.NONE, StoreRole.NODE);
    return on(node, versions, host, options, new CloseStack());
  }

  private static NodeStore on(
      int node, VersionStore versions, HostEnvironment host, EmbeddedStoreOptions options, CloseStack resources) {
    TransactionalStore store = resources.push(
        new TransactionalStore(-node, versions, host, options.transactionLimits(), options.lockLimits()));
    return new NodeStore(store, versions, resources);
  }

  /**
   * What the logs on disk amount to, for an operator who vouches for that disk. Everything is read and checked, and nothing changed.
   *
   * @param rootKey the caller's
   * @throws KvException.IntegrityViolation if a byte that matters was changed, or files of different moments were mixed
   * @throws KvException.Unavailable with STORE_IN_USE, NOT_A_STORE, WRONG_KEY or IO_FAILURE
   */
  public static TrustedCounter.State stateOnDisk(Path directory, SecretKey rootKey, Progress progress) {
    try (StoreAtRest files = new StoreAtRest(directory, _ -> new RootKeySource.Given(rootKey))) {
      TrustedCounter.State found = files.scanLogs();
      files.inspect(Optional.of(found), progress);
      return found;
    }
  }

  /** The same of a store without a header, on a host that has no files: a simulator's. Its counter does not matter. */
  public static TrustedCounter.State stateOnHost(StoreId store, KeySchedule keys, HostEnvironment host) {
    LogsAtRest logs = new LogsAtRest(store, keys, host.wal(), host.manifest(), host.clog().orElseThrow());
    TrustedCounter.State found = logs.scan();
    HostEnvironment presumed = new HostEnvironment(
        host.wal(), host.manifest(), host.leaves(), new PresumedCounter(Optional.of(found)), host.memory(), host.clock(), host.entropy(),
        host.threads());
    new Inspection(store, keys, presumed, HeaderBinding.NONE, Progress.NONE).run();
    logs.checkClog(found);
    return found;
  }

  /**
   * Opens the log of this node's decisions as coordinator: recovered up to what the trusted counter had confirmed when the store was
   * opened, and continued under this boot's epoch. To be called once. It is closed with the store.
   *
   * @param replay sees its records, before this returns: the newest for certain. Earlier ones may have been dropped; whether by who was
   *     allowed to, is for it to find out
   * @throws KvException.IntegrityViolation if it is not what the counter had confirmed
   */
  public <R> SealedLog<R> openClog(RecordCodec<R> codec, LogRecovery.RecordVisitor replay) {
    return resources.push(versions.openClog(codec, replay));
  }

  @Override
  public Map<TransactionId, Set<TransactionId>> waits(long nanosMin) {
    return store.waits(nanosMin);
  }

  @Override
  public <T> T alone(KeyRange range, Duration lockTimeout, Supplier<T> work) {
    return store.alone(range, lockTimeout, work);
  }

  @Override
  public void refuseWait(TransactionId id) {
    store.refuseWait(id);
  }

  /** How many records of the WAL are not confirmed by the trusted counter: of commits, votes and decisions that nobody was told of. */
  public long unconfirmed() {
    return versions.unconfirmed();
  }

  /** Surroundings for transactions that begin here and have their data on other nodes, too. */
  public AbstractTransaction.Surroundings newSurroundings() {
    return store.newSurroundings();
  }

  @Override
  public long bootEpoch() {
    return store.bootEpoch();
  }

  @Override
  public long clock() {
    return store.clock();
  }

  @Override
  public void mergeClock(long timestamp) {
    store.mergeClock(timestamp);
  }

  @Override
  public Branch beginBranch(TransactionId id, TransactionOptions options) {
    return store.beginBranch(id, options);
  }

  @Override
  public Branch beginBranch(TransactionId id, TransactionOptions options, long timestamp) {
    return store.beginBranch(id, options, timestamp);
  }

  @Override
  public void commitPrepared(TransactionId id, long timestamp) {
    store.commitPrepared(id, timestamp);
  }

  @Override
  public void abortPrepared(TransactionId id) {
    store.abortPrepared(id);
  }

  @Override
  public List<TransactionId> inDoubt() {
    return store.inDoubt();
  }

  @Override
  public KvTransaction begin(TransactionOptions options) {
    return store.begin(options);
  }

  @Override
  public LockView locks() {
    return store.locks();
  }

  @Override
  public List<TransactionView> transactions() {
    return store.transactions();
  }

  @Override
  public void close() {
    resources.close();
  }
}
