package org.treatydb.kv.enclave.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/**
 * The file that names a store: its id, how the root key is derived, and the store key wrapped under the root key.
 * Changing the root key rewrites only this. Immutable.
 *
 * <p>Format 1: magic {@code TREATY}, version, store id, derivation (length and bytes), wrap nonce, wrapped key.
 */
public final class StoreHeader {

  /** Bytes of the largest header accepted. */
  public static final int BYTES_MAX = 4096;

  private static final byte[] MAGIC = {'T', 'R', 'E', 'A', 'T', 'Y'};
  private static final int VERSION = 1;
  private static final int DERIVATION_BYTES_MAX = 256;
  private static final int WRAPPED_BYTES = SecretKey.BYTES + Sealer.TAG_BYTES;

  private final StoreId store;
  private final KeyDerivation derivation;
  private final long wrapNonce;
  private final byte[] wrappedKey;

  private StoreHeader(StoreId store, KeyDerivation derivation, long wrapNonce, byte[] wrappedKey) {
    this.store = store;
    this.derivation = derivation;
    this.wrapNonce = wrapNonce;
    this.wrappedKey = wrappedKey;
  }

  /**
   * Wraps {@code storeKey} under {@code root}.
   *
   * @param wrapNonce random: a root key wraps few keys, each with a nonce of its own
   */
  public static StoreHeader wrap(StoreId store, KeyDerivation derivation, SecretKey root, SecretKey storeKey, long wrapNonce) {
    SealContext context = new SealContext.StoreKey(store, derivation.encode());
    byte[] wrapped =
        new Sealer(KeySchedule.wrapping(root, store)).seal(wrapNonce, context, storeKey.reveal(), 0, SecretKey.BYTES);
    return new StoreHeader(store, derivation, wrapNonce, wrapped);
  }

  /** The store key; empty if {@code root} is not the key it was wrapped under, or the header was changed. */
  public Optional<SecretKey> unwrap(SecretKey root) {
    SealContext context = new SealContext.StoreKey(store, derivation.encode());
    return new Sealer(KeySchedule.wrapping(root, store))
        .open(wrapNonce, context, wrappedKey, 0, wrappedKey.length)
        .map(SecretKey::takeOver);
  }

  public StoreId store() {
    return store;
  }

  public KeyDerivation derivation() {
    return derivation;
  }

  public byte[] encode() {
    return new ByteWriter(128)
        .raw(MAGIC).u8(VERSION).raw(store.bytes()).bytes(derivation.encode()).i64(wrapNonce).raw(wrappedKey)
        .toByteArray();
  }

  /** SHA-256 of the encoded header, by which the MANIFEST names it. */
  public byte[] digest() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(encode());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Reads a header.
   *
   * @throws MalformedBytesException if these bytes are not one
   */
  public static StoreHeader decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    if (!Arrays.equals(in.raw(MAGIC.length), MAGIC)) {
      throw new MalformedBytesException("not a Treaty store header");
    }
    in.version(VERSION);
    StoreId store = new StoreId(in.raw(StoreId.BYTES));
    KeyDerivation derivation = KeyDerivation.decode(in.bytes(DERIVATION_BYTES_MAX));
    long wrapNonce = in.i64();
    byte[] wrapped = in.raw(WRAPPED_BYTES);
    in.expectEnd();
    return new StoreHeader(store, derivation, wrapNonce, wrapped);
  }
}
