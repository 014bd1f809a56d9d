package org.treatydb.dist.enclave.attest;

import java.util.Arrays;
import java.util.HexFormat;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/** The digest of the code that an attestation vouches for. How it is made is the provider's to say. Immutable. */
public final class Measurement {

  /** The shortest and the longest digest of the providers there are: SHA-256 to SHA-512, in bytes. */
  private static final int BYTES_MIN = 32;

  private static final int BYTES_MAX = 64;

  private final byte[] digest;

  /**
   * The measurement with these bytes.
   *
   * @throws KvException.InvalidRequest if there are fewer than 32 or more than 64
   */
  public Measurement(byte[] digest) {
    if (digest.length < BYTES_MIN || digest.length > BYTES_MAX) {
      throw new KvException.InvalidRequest(
          ErrorCode.INVALID_ARGUMENT, "a measurement has " + BYTES_MIN + " to " + BYTES_MAX + " bytes, not " + digest.length);
    }
    this.digest = digest.clone();
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws KvException.InvalidRequest if the text is no measurement
   */
  public static Measurement parse(String hex) {
    try {
      return new Measurement(HexFormat.of().parseHex(hex));
    } catch (IllegalArgumentException e) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "'" + hex + "' is no measurement: that is hexadecimal digits");
    }
  }

  /**
   * Reads a measurement within another format: its length and its bytes.
   *
   * @throws MalformedBytesException if there is none
   */
  public static Measurement decode(ByteReader in) {
    byte[] digest = in.bytes(BYTES_MAX);
    if (digest.length < BYTES_MIN) {
      throw new MalformedBytesException("a measurement of " + digest.length + " bytes");
    }
    return new Measurement(digest);
  }

  /** A copy of the digest. */
  public byte[] bytes() {
    return digest.clone();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Measurement other && Arrays.equals(digest, other.digest);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest);
  }

  /** The digest in hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(digest);
  }
}
