package org.treatydb.kv.embedded;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

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

  private EmbeddedStoreOptions(Path keyFile, char[] passphrase, Path counterDirectory) {
    this.keyFile = keyFile;
    this.passphrase = passphrase;
    this.counterDirectory = counterDirectory;
  }

  /** Key and counter in the user's state directory. */
  public static EmbeddedStoreOptions defaults() {
    return new EmbeddedStoreOptions(null, null, null);
  }

  /** The root key is in this file, 64 hexadecimal digits. It must exist. */
  public EmbeddedStoreOptions withKeyFile(Path file) {
    return new EmbeddedStoreOptions(file, passphrase, counterDirectory);
  }

  /** The root key is derived from this passphrase by Argon2id. The array is copied. */
  public EmbeddedStoreOptions withPassphrase(char[] secret) {
    return new EmbeddedStoreOptions(keyFile, secret.clone(), counterDirectory);
  }

  /** The trusted counter is a file in this directory, which must lie outside the data directory. */
  public EmbeddedStoreOptions withCounterDirectory(Path directory) {
    return new EmbeddedStoreOptions(keyFile, passphrase, directory);
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

  @Override
  public boolean equals(Object o) {
    return o instanceof EmbeddedStoreOptions other
        && keyFile().equals(other.keyFile())
        && Arrays.equals(passphrase, other.passphrase)
        && counterDirectory().equals(other.counterDirectory());
  }

  @Override
  public int hashCode() {
    return keyFile().hashCode() ^ counterDirectory().hashCode();
  }

  @Override
  public String toString() {
    return "EmbeddedStoreOptions(keyFile=" + keyFile + ", passphrase=" + (passphrase == null ? "none" : "(not shown)")
        + ", counterDirectory=" + counterDirectory + ")";
  }
}
