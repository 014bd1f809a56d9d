package org.treatydb.kv.enclave.crypto;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/**
 * How a store's root key comes to be. Kept in the store's header, in the clear, and bound into the seal of the store
 * key.
 */
public sealed interface KeyDerivation {

  byte[] encode();

  /** The root key is given as it is: 256 random bits from a key file (later: from the attestation service). */
  record Direct() implements KeyDerivation {
    @Override
    public byte[] encode() {
      return new byte[] {1};
    }
  }

  /**
   * The root key is derived from a passphrase by Argon2id (RFC 9106).
   *
   * @param salt random, {@value #SALT_BYTES} bytes
   */
  record Passphrase(byte[] salt, int memoryKib, int iterations, int lanes) implements KeyDerivation {

    public static final int SALT_BYTES = 16;

    /** Bounds on what a header, which anyone may have changed, can make an opening cost. */
    private static final int MEMORY_KIB_MAX = 256 * 1024;

    private static final int ITERATIONS_MAX = 16;
    private static final int LANES_MAX = 16;

    /** RFC 9106's second recommended option: 64 MiB, 3 passes, 4 lanes. */
    public static Passphrase recommended(byte[] salt) {
      return new Passphrase(salt, 64 * 1024, 3, 4);
    }

    /** The root key; takes some hundred milliseconds on purpose. {@code passphrase} is UTF-8. */
    public SecretKey derive(byte[] passphrase) {
      Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
      argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
          .withVersion(Argon2Parameters.ARGON2_VERSION_13)
          .withSalt(salt)
          .withMemoryAsKB(memoryKib)
          .withIterations(iterations)
          .withParallelism(lanes)
          .build());
      byte[] key = new byte[SecretKey.BYTES];
      argon2.generateBytes(passphrase, key);
      return SecretKey.takeOver(key);
    }

    @Override
    public byte[] encode() {
      return new ByteWriter(32).u8(2).raw(salt).i32(memoryKib).i32(iterations).i32(lanes).toByteArray();
    }

    private static Passphrase decode(ByteReader in) {
      Passphrase decoded = new Passphrase(in.raw(SALT_BYTES), in.i32(), in.i32(), in.i32());
      if (decoded.memoryKib < 8 || decoded.memoryKib > MEMORY_KIB_MAX
          || decoded.iterations < 1 || decoded.iterations > ITERATIONS_MAX
          || decoded.lanes < 1 || decoded.lanes > LANES_MAX) {
        throw new MalformedBytesException("Argon2id parameters out of bounds");
      }
      return decoded;
    }
  }

  /** Reads a derivation. */
  static KeyDerivation decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    KeyDerivation derivation = switch (in.u8()) {
      case 1 -> new Direct();
      case 2 -> Passphrase.decode(in);
      default -> throw new MalformedBytesException("unknown key derivation");
    };
    in.expectEnd();
    return derivation;
  }
}
