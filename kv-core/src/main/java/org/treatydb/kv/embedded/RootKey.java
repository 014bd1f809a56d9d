package org.treatydb.kv.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.enclave.crypto.KeyDerivation;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.file.KeyFile;
import org.treatydb.kv.host.file.StateDirectory;

/**
 * Finds the root key of an embedded store: the key file or passphrase that was named, else the key file in the user's
 * state directory.
 */
final class RootKey implements RootKeySource {

  private static final Logger LOG = LoggerFactory.getLogger(RootKey.class);

  private final EmbeddedStoreOptions options;
  private final Path data;
  private final Entropy entropy;

  RootKey(EmbeddedStoreOptions options, Path data, Entropy entropy) {
    this.options = options;
    this.data = data;
    this.entropy = entropy;
    if (options.keyFile().isPresent() && options.passphrase().isPresent()) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "name a key file or a passphrase, not both");
    }
  }

  @Override
  public KeyDerivation newDerivation() {
    return options.passphrase().isPresent()
        ? KeyDerivation.Passphrase.recommended(entropy.bytes(KeyDerivation.Passphrase.SALT_BYTES))
        : new KeyDerivation.Direct();
  }

  @Override
  public SecretKey find(KeyDerivation derivation, boolean create) {
    return switch (derivation) {
      case KeyDerivation.Passphrase argon2 -> derive(argon2);
      case KeyDerivation.Direct direct -> readFile(create);
    };
  }

  /**
   * Makes the key file that was named, with a new random key, if it is not there and no passphrase was given.
   *
   * @throws KvException.InvalidRequest if neither a key file nor a passphrase was named
   */
  void makeIfMissing() {
    if (options.keyFile().isEmpty() && options.passphrase().isEmpty()) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "name the new key file or passphrase");
    }
    options.keyFile().filter(file -> !Files.exists(file)).ifPresent(file -> {
      StateDirectory.outside(file.toAbsolutePath().getParent(), data, "the key file's directory");
      makeFile(file);
    });
  }

  private SecretKey derive(KeyDerivation.Passphrase argon2) {
    char[] passphrase = options.passphrase().orElseThrow(() -> new KvException.Unavailable(
        ErrorCode.WRONG_KEY, "the store at " + data + " was made with a passphrase; give it", null));
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(passphrase));
    byte[] utf8 = Arrays.copyOf(encoded.array(), encoded.limit());
    try {
      return argon2.derive(utf8);
    } finally {
      Arrays.fill(utf8, (byte) 0);
      Arrays.fill(encoded.array(), (byte) 0);
    }
  }

  private SecretKey readFile(boolean create) {
    if (options.passphrase().isPresent()) {
      throw new KvException.Unavailable(
          ErrorCode.WRONG_KEY, "the store at " + data + " was made with a key file, not with a passphrase", null);
    }
    Path file = options.keyFile().orElseGet(() -> StateDirectory.defaultKeyFile(data));
    if (options.keyFile().isEmpty() && create && !Files.exists(file)) {
      makeFile(file);
    }
    StateDirectory.outside(file.toAbsolutePath().getParent(), data, "the key file's directory");
    return SecretKey.takeOver(KeyFile.read(file));
  }

  private void makeFile(Path file) {
    byte[] key = entropy.bytes(SecretKey.BYTES);
    try {
      KeyFile.write(file, key);
      LOG.info("made a new root key for {} in {}: without that file the data are lost, so keep a copy", data, file);
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot write the key file " + file + ": " + e.getMessage(), e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}
