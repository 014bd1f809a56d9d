package org.treatydb.dist.enclave.counter;

import java.util.Arrays;
import java.util.HexFormat;
import org.treatydb.kv.boundary.Entropy;

/** Tells one start of a process from every other: 16 random bytes (not copied, must not change). */
record BootNonce(byte[] bytes) {

  static final int BYTES = 16;

  BootNonce {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a boot nonce has " + BYTES + " bytes, not " + bytes.length);
    }
  }

  static BootNonce draw(Entropy entropy) {
    return new BootNonce(entropy.bytes(BYTES));
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof BootNonce other && Arrays.equals(bytes, other.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes, 0, 4);
  }
}
