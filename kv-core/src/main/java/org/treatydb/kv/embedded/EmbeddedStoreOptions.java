package org.treatydb.kv.embedded;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.LockLimits;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.enclave.store.StoreLimits;

/**
 * How an embedded store is opened. Immutable.
 *
 * <p>The root key comes from a key file or from a passphrase, not both. With neither, a key file is made at the first
 * opening, in the user's state directory, outside the data directory.
 */
public final class EmbeddedStoreOptions {

  private final Path keyFile;
  private final char[] passphrase;
  private final Path counterDirectory;
  private final StoreMemory memory;
  private final OptionalLong leafCacheBytes;
  private final TransactionLimits transactionLimits;
  private final LockLimits lockLimits;

  private EmbeddedStoreOptions(
      Path keyFile, char[] passphrase, Path counterDirectory, StoreMemory memory, OptionalLong leafCacheBytes,
      TransactionLimits transactionLimits, LockLimits lockLimits) {
    this.keyFile = keyFile;
    this.passphrase = passphrase;
    this.counterDirectory = counterDirectory;
    this.memory = memory;
    this.leafCacheBytes = leafCacheBytes;
    this.transactionLimits = transactionLimits;
    this.lockLimits = lockLimits;
  }

  /** Key and counter in the user's state directory; a quarter of the largest heap as memory, but at least 16 MiB and at most 512. */
  public static EmbeddedStoreOptions defaults() {
    return new EmbeddedStoreOptions(
        null, null, null, StoreMemory.forHeap(Runtime.getRuntime().maxMemory()), OptionalLong.empty(), TransactionLimits.DEFAULT,
        LockLimits.DEFAULT);
  }

  /** The root key is in this file, 64 hexadecimal digits. It must exist. */
  public EmbeddedStoreOptions withKeyFile(Path file) {
    return new EmbeddedStoreOptions(file, passphrase, counterDirectory, memory, leafCacheBytes, transactionLimits, lockLimits);
  }

  /** The root key is derived from this passphrase by Argon2id. The array is copied. */
  public EmbeddedStoreOptions withPassphrase(char[] secret) {
    return new EmbeddedStoreOptions(keyFile, secret.clone(), counterDirectory, memory, leafCacheBytes, transactionLimits, lockLimits);
  }

  /** The trusted counter is a file in this directory, which must lie outside the data directory. */
  public EmbeddedStoreOptions withCounterDirectory(Path directory) {
    return new EmbeddedStoreOptions(keyFile, passphrase, directory, memory, leafCacheBytes, transactionLimits, lockLimits);
  }

  /**
   * How much memory the store may use for data: memtables, commits on their way into the log, and the cache of opened leaves, on
   * the Java heap and outside, and RocksDB's buffers and block cache. Beside it come the directory of the leaves and RocksDB's
   * indexes, about 25 MB for each GB of rows, what transactions under way have written, and flushed memtables that an open
   * cursor still reads.
   *
   * @throws KvException.InvalidRequest if that is less than 8 MiB
   */
  public EmbeddedStoreOptions withMemoryBytes(long bytesMax) {
    return new EmbeddedStoreOptions(
        keyFile, passphrase, counterDirectory, new StoreMemory(bytesMax), leafCacheBytes, transactionLimits, lockLimits);
  }

  /**
   * How much of the Java heap the cache of opened leaves may take, in bytes: in place of its share of the memory, the half.
   *
   * @throws KvException.InvalidRequest if it is negative
   */
  public EmbeddedStoreOptions withLeafCacheBytes(long bytesMax) {
    if (bytesMax < 0) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "the leaf cache cannot have " + bytesMax + " bytes");
    }
    return new EmbeddedStoreOptions(
        keyFile, passphrase, counterDirectory, memory, OptionalLong.of(bytesMax), transactionLimits, lockLimits);
  }

  /** What transactions may have. */
  public EmbeddedStoreOptions withTransactionLimits(TransactionLimits limits) {
    return new EmbeddedStoreOptions(
        keyFile, passphrase, counterDirectory, memory, leafCacheBytes, Objects.requireNonNull(limits, "limits"), lockLimits);
  }

  /** How many locks transactions may hold. */
  public EmbeddedStoreOptions withLockLimits(LockLimits limits) {
    return new EmbeddedStoreOptions(
        keyFile, passphrase, counterDirectory, memory, leafCacheBytes, transactionLimits, Objects.requireNonNull(limits, "limits"));
  }

  TransactionLimits transactionLimits() {
    return transactionLimits;
  }

  LockLimits lockLimits() {
    return lockLimits;
  }

  Optional<Path> keyFile() {
    return Optional.ofNullable(keyFile);
  }

  Optional<char[]> passphrase() {
    return Optional.ofNullable(passphrase);
  }

  Optional<Path> counterDirectory() {
    return Optional.ofNullable(counterDirectory);
  }

  StoreMemory memory() {
    return memory;
  }

  StoreLimits limits() {
    StoreLimits shared = memory.limits();
    return leafCacheBytes.isPresent() ? shared.withLeafCacheBytesMax(leafCacheBytes.getAsLong()) : shared;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof EmbeddedStoreOptions other
        && keyFile().equals(other.keyFile())
        && Arrays.equals(passphrase, other.passphrase)
        && counterDirectory().equals(other.counterDirectory())
        && memory.equals(other.memory)
        && leafCacheBytes.equals(other.leafCacheBytes)
        && transactionLimits.equals(other.transactionLimits)
        && lockLimits.equals(other.lockLimits);
  }

  @Override
  public int hashCode() {
    return keyFile().hashCode() ^ counterDirectory().hashCode();
  }

  @Override
  public String toString() {
    return "EmbeddedStoreOptions(keyFile=" + keyFile + ", passphrase=" + (passphrase == null ? "none" : "(not shown)")
        + ", counterDirectory=" + counterDirectory
        + ", memoryBytes=" + memory.bytes()
        + ", leafCacheBytes=" + limits().leafCacheBytesMax()
        + ", transactionLimits=" + transactionLimits
        + ", lockLimits=" + lockLimits + ")";
  }
}
