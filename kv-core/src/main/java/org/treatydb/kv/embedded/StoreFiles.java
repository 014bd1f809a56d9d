package org.treatydb.kv.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BiFunction;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.crypto.KeyDerivation;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.crypto.StoreHeader;
import org.treatydb.kv.enclave.store.HeaderBinding;
import org.treatydb.kv.host.file.DataDirectory;
import org.treatydb.kv.host.file.FileLogStorage;
import org.treatydb.kv.host.rocksdb.RocksSealedStore;
import org.treatydb.kv.host.system.OffHeapMemory;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/**
 * A directory whose header has been read, or written if there was none and no trusted counter remembered one, with all that a store on
 * it needs of the host.
 */
record StoreFiles(Opened opened, RocksSealedStore leaves, HostEnvironment host) {

  private static final Entropy ENTROPY = new SystemEntropy();

  /** {@code resources} get what is to be closed. */
  static StoreFiles open(
      DataDirectory data, TrustedCounter counter, RootKeySource rootKey, EmbeddedStoreOptions options, CloseStack resources)
      throws IOException {
    Opened opened = openHeader(data, counter, rootKey);
    RocksSealedStore leaves = resources.push(new RocksSealedStore(data.leaves(), opened.mayCreate, options.memory().rocksDb()));
    HostEnvironment host = new HostEnvironment(
        FileLogStorage.writingAhead(data.wal()), new FileLogStorage(data.manifest()), leaves, counter,
        new OffHeapMemory(), new SystemClock(), ENTROPY, Thread.ofVirtual().name("treaty-", 0).factory());
    return new StoreFiles(opened, leaves, host);
  }

  StoreId store() {
    return opened.store();
  }

  HeaderBinding header() {
    return HeaderBinding.to(opened.header);
  }

  KeySchedule keys(BiFunction<SecretKey, StoreId, KeySchedule> schedule, CloseStack resources) {
    KeySchedule keys = schedule.apply(opened.key, opened.store());
    resources.push(keys::destroy);
    return keys;
  }

  /** A store whose header has been read. {@code mayCreate}: nothing was ever confirmed, so nothing can be missing. */
  record Opened(StoreHeader header, SecretKey key, boolean mayCreate) {
    StoreId store() {
      return header.store();
    }
  }

  private static Opened openHeader(DataDirectory data, TrustedCounter counter, RootKeySource rootKey) throws IOException {
    Optional<TrustedCounter.State> remembered = counter.read();
    boolean unused = remembered.map(TrustedCounter.State::isUnused).orElse(true);
    Optional<byte[]> stored = data.readHeader(StoreHeader.BYTES_MAX);
    if (stored.isPresent()) {
      if (remembered.isEmpty()) {
        throw new KvException.IntegrityViolation(
            ErrorCode.ROLLBACK_DETECTED,
            "no trusted counter knows the store at " + data.path() + ": it was copied or moved here, or its counter was removed. "
                + "If you did that on purpose, adopt it", null);
      }
      StoreHeader header = decode(data, stored.get());
      SecretKey key = unwrap(data, header, rootKey);
      return new Opened(header, key, unused);
    }
    if (!unused) {
      throw new KvException.IntegrityViolation(
          ErrorCode.ROLLBACK_DETECTED,
          "the store at " + data.path() + " is gone: its trusted counter remembers store " + remembered.get().store()
              + ". If you removed it on purpose, remove its counter file, too",
          null);
    }
    return create(data, counter, rootKey);
  }

  /**
   * First the counter, then the header: a crash between the two leaves a counter that was never used, and is registered
   * anew.
   */
  private static Opened create(DataDirectory data, TrustedCounter counter, RootKeySource rootKey) throws IOException {
    StoreId store = new StoreId(ENTROPY.bytes(StoreId.BYTES));
    SecretKey storeKey = SecretKey.takeOver(ENTROPY.bytes(SecretKey.BYTES));
    KeyDerivation derivation = rootKey.newDerivation();
    SecretKey root = rootKey.find(derivation, true);
    long wrapNonce = ByteBuffer.wrap(ENTROPY.bytes(Long.BYTES)).getLong();
    StoreHeader header = StoreHeader.wrap(store, derivation, root, storeKey, wrapNonce);
    root.destroy();
    counter.register(store);
    data.writeHeader(header.encode());
    return new Opened(header, storeKey, true);
  }

  static StoreHeader decode(DataDirectory data, byte[] bytes) {
    try {
      return StoreHeader.decode(bytes);
    } catch (MalformedBytesException e) {
      throw new KvException.IntegrityViolation(
          ErrorCode.INTEGRITY_VIOLATION, "the header of the store at " + data.path() + " is damaged: " + e.getMessage(), e);
    }
  }

  static SecretKey unwrap(DataDirectory data, StoreHeader header, RootKeySource rootKey) {
    SecretKey root = rootKey.find(header.derivation(), false);
    Optional<SecretKey> key = header.unwrap(root);
    root.destroy();
    return key.orElseThrow(() -> new KvException.Unavailable(
        ErrorCode.WRONG_KEY,
        "the key does not open the store at " + data.path() + ": it is the wrong key or passphrase, or the store's header was changed",
        null));
  }
}
