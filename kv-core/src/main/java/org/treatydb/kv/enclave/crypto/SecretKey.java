package org.treatydb.kv.enclave.crypto;

import java.util.Arrays;

/**
 * 256 secret bits. Never prints, never serialises; {@link #destroy} wipes them, as far as Java lets one (copies that
 * the cryptography provider made live until they are collected). Thread-safe.
 */
public final class SecretKey {

  public static final int BYTES = 32;

  private final byte[] bytes;
  private volatile boolean destroyed;

  private SecretKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes the bytes over: the array given is wiped. */
  public static SecretKey takeOver(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a key has " + BYTES + " bytes, not " + bytes.length);
    }
    SecretKey key = new SecretKey(bytes.clone());
    Arrays.fill(bytes, (byte) 0);
    return key;
  }

  /** The secret itself, not a copy: for this package's algorithms only. */
  byte[] reveal() {
    if (destroyed) {
      throw new IllegalStateException("the key has been destroyed");
    }
    return bytes;
  }

  /** A copy of the secret, to be sealed or derived from; the caller wipes it. */
  public byte[] copyBytes() {
    return reveal().clone();
  }

  public void destroy() {
    destroyed = true;
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "SecretKey(not shown)";
  }
}
