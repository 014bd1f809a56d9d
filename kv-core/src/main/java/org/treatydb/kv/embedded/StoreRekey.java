package org.treatydb.kv.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.crypto.KeyDerivation;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.crypto.StoreHeader;
import org.treatydb.kv.enclave.store.HeaderBinding;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.host.file.CounterFile;
import org.treatydb.kv.host.file.DataDirectory;
import org.treatydb.kv.host.file.FileLogStorage;
import org.treatydb.kv.host.file.StateDirectory;
import org.treatydb.kv.host.rocksdb.RocksSealedStore;
import org.treatydb.kv.host.system.OffHeapMemory;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/**
 * Changes the root key of a closed store: the store key, which all data hang on, is wrapped under the new root key, and
 * the header that held it under the old one is no longer accepted. The data are not rewritten.
 *
 * <p>Three steps, each durable before the next: the MANIFEST names the present header and the new one; the new header
 * replaces the present one; the MANIFEST names the new one only. A crash leaves a store that opens with one of the two
 * keys, the old one before the second step, the new one after it.
 *
 * <p>Limits: whoever has a copy of the old header and the old root key can unwrap the store key, and with it read copies
 * of the data, old and new. If that may have happened, write the data into a new store.
 */
public final class StoreRekey implements AutoCloseable {

  private static final Entropy ENTROPY = new SystemEntropy();

  private final CloseStack resources = new CloseStack();
  private final DataDirectory data;
  private final StoreHeader present;
  private final StoreHeader next;
  private final KeySchedule keys;
  private final HostEnvironment host;
  private final StoreLimits limits;

  /**
   * Changes the root key of the store in {@code directory}.
   *
   * @param present how the store is opened now
   * @param next names the new key file, which is made if it is not there, or the new passphrase
   * @throws KvException.IntegrityViolation if the store is not sound: then nothing has changed
   * @throws KvException.Unavailable with STORE_IN_USE, NOT_A_STORE, WRONG_KEY or IO_FAILURE
   * @throws KvException.InvalidRequest if the new key is the present one
   */
  public static void run(Path directory, EmbeddedStoreOptions present, EmbeddedStoreOptions next) {
    try (StoreRekey rekey = new StoreRekey(directory, present, next)) {
      rekey.nameBoth();
      rekey.replaceHeader();
      rekey.nameNew();
    }
  }

  StoreRekey(Path directory, EmbeddedStoreOptions from, EmbeddedStoreOptions to) {
    try {
      data = resources.push(DataDirectory.openExisting(directory));
      Path counters = StateDirectory.outside(
          from.counterDirectory().orElseGet(StateDirectory::defaultCounterDirectory), data.path(), "the counter directory");
      CounterFile counter = resources.push(new CounterFile(StateDirectory.counterFile(counters, data.path())));
      byte[] bytes = data.readHeader(StoreHeader.BYTES_MAX).orElseThrow(() -> new IOException("the header is gone"));
      present = StoreFiles.decode(data, bytes);
      SecretKey storeKey = StoreFiles.unwrap(data, present, new RootKey(from, data.path(), ENTROPY));
      keys = new KeySchedule(storeKey, present.store());
      resources.push(keys::destroy);
      next = wrap(storeKey, new RootKey(to, data.path(), ENTROPY));
      boolean unused = counter.read().map(TrustedCounter.State::isUnused).orElse(false);
      RocksSealedStore leaves = resources.push(new RocksSealedStore(data.leaves(), unused, from.memory().rocksDb()));
      limits = from.memory().limits();
      host = new HostEnvironment(
          new FileLogStorage(data.wal()), new FileLogStorage(data.manifest()), leaves, counter,
          new OffHeapMemory(), new SystemClock(), ENTROPY, Thread.ofVirtual().name("treaty-", 0).factory());
    } catch (IOException e) {
      resources.close();
      throw failure(directory, e);
    } catch (RuntimeException | Error e) {
      resources.close();
      throw e;
    }
  }

  private StoreHeader wrap(SecretKey storeKey, RootKey rootKey) {
    rootKey.makeIfMissing();
    KeyDerivation derivation = rootKey.newDerivation();
    SecretKey root = rootKey.find(derivation, false);
    try {
      Optional<SecretKey> opened = present.unwrap(root);
      if (opened.isPresent()) {
        opened.get().destroy();
        throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "the new key is the present one");
      }
      long wrapNonce = ByteBuffer.wrap(ENTROPY.bytes(Long.BYTES)).getLong();
      return StoreHeader.wrap(present.store(), derivation, root, storeKey, wrapNonce);
    } finally {
      root.destroy();
    }
  }

  /** Opens the store as it is, which checks it, and lets the MANIFEST name both headers. */
  void nameBoth() {
    boot(HeaderBinding.toBoth(present, next));
  }

  /** The new header in place of the present one. */
  void replaceHeader() {
    try {
      data.writeHeader(next.encode());
    } catch (IOException e) {
      throw failure(data.path(), e);
    }
  }

  /** Opens the store with the new header, and lets the MANIFEST name no other. */
  void nameNew() {
    boot(HeaderBinding.to(next));
  }

  private void boot(HeaderBinding header) {
    new VersionStore(present.store(), keys, host, limits, header).close();
  }

  private static KvException failure(Path directory, IOException e) {
    return new KvException.Unavailable(
        ErrorCode.IO_FAILURE, "cannot change the root key of the store at " + directory + ": " + e.getMessage(), e);
  }

  @Override
  public void close() {
    resources.close();
  }
}
