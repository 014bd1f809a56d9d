package org.treatydb.kv.boundary;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where a log stands.
 *
 * @param counter the counter value of the newest record; 0 before the first
 * @param digest SHA-256 over the chain of batches up to and including that record (32 bytes; not copied, must not
 *     change)
 */
public record LogHead(long counter, byte[] digest) {

  public static final int DIGEST_BYTES = 32;

  public LogHead {
    if (counter < 0 || digest.length != DIGEST_BYTES) {
      throw new IllegalArgumentException("counter " + counter + ", digest of " + digest.length + " bytes");
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof LogHead other && counter == other.counter && Arrays.equals(digest, other.digest);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(counter) ^ Arrays.hashCode(digest);
  }

  @Override
  public String toString() {
    return counter + ":" + HexFormat.of().formatHex(digest, 0, 4);
  }
}
