package org.treatydb.kv.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.StoreSummary;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.StoreHeader;
import org.treatydb.kv.enclave.store.HeaderBinding;
import org.treatydb.kv.enclave.store.Inspection;
import org.treatydb.kv.host.file.DataDirectory;
import org.treatydb.kv.host.file.FileLogStorage;
import org.treatydb.kv.host.file.StateDirectory;
import org.treatydb.kv.host.memory.MemorySealedStore;
import org.treatydb.kv.host.rocksdb.RocksSealedStore;
import org.treatydb.kv.host.system.OffHeapMemory;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/**
 * A store that nobody has open, to be read and not changed: while this is open, nobody else can open it. Not thread-safe.
 */
final class StoreAtRest implements AutoCloseable {

  private final CloseStack resources = new CloseStack();
  private final DataDirectory data;
  private final StoreHeader header;
  private final StoreId store;
  private final KeySchedule keys;

  /**
   * Finds the store and opens its header.
   *
   * @throws KvException.Unavailable wrong key, directory in use, no store there, disk failure
   */
  StoreAtRest(Path directory, EmbeddedStoreOptions options) {
    this(directory, path -> new RootKey(options, path, new SystemEntropy()));
  }

  /** The same; {@code rootKeys}: gives what knows the root key of a store at a path. */
  StoreAtRest(Path directory, Function<Path, RootKeySource> rootKeys) {
    try {
      data = resources.push(DataDirectory.openToRead(directory));
      byte[] bytes = data.readHeader(StoreHeader.BYTES_MAX).orElseThrow(() -> new IOException("the header is gone"));
      header = StoreFiles.decode(data, bytes);
      store = header.store();
      keys = new KeySchedule(StoreFiles.unwrap(data, header, rootKeys.apply(data.path())), store);
      resources.push(keys::destroy);
    } catch (IOException e) {
      resources.close();
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot read the store at " + directory + ": " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      resources.close();
      throw e;
    }
  }

  StoreId store() {
    return store;
  }

  Path path() {
    return data.path();
  }

  /** Where this place's counters are, of those options. */
  Path counterDirectory(EmbeddedStoreOptions options) {
    return StateDirectory.outside(
        options.counterDirectory().orElseGet(StateDirectory::defaultCounterDirectory), data.path(), "the counter directory");
  }

  private LogsAtRest logs() {
    return new LogsAtRest(
        store, keys, FileLogStorage.toRead(data.wal()), FileLogStorage.toRead(data.manifest()), FileLogStorage.toRead(data.clog()));
  }

  /** What the logs on disk amount to, if nobody says how far they must go. The boot epoch is the newest they know. */
  TrustedCounter.State scanLogs() {
    return logs().scan();
  }

  /**
   * Reads and checks everything, against a counter that says {@code expected}.
   *
   * @throws KvException.IntegrityViolation with the first finding
   */
  StoreSummary inspect(Optional<TrustedCounter.State> expected, Progress progress) {
    LogsAtRest logs = logs();
    boolean unused = expected.map(TrustedCounter.State::isUnused).orElse(false);
    try (SealedStore leaves = unused ? new MemorySealedStore() : RocksSealedStore.openToRead(data.leaves())) {
      HostEnvironment host = new HostEnvironment(
          logs.wal(), logs.manifest(), leaves, new PresumedCounter(expected), new OffHeapMemory(), new SystemClock(), new SystemEntropy(),
          Thread.ofVirtual().factory());
      StoreSummary summary = new Inspection(store, keys, host, HeaderBinding.to(header), progress).run();
      expected.ifPresent(logs::checkClog);
      if (leaves instanceof RocksSealedStore files) {
        files.checkFiles();
      }
      return summary;
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}
