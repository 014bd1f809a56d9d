package org.treatydb.kv.boundary;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The random identity of one store, 16 bytes, bound into everything it seals. Immutable (the array is not copied and
 * must not change).
 */
public record StoreId(byte[] bytes) {

  public static final int BYTES = 16;

  public StoreId {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a store id has " + BYTES + " bytes, not " + bytes.length);
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof StoreId other && Arrays.equals(bytes, other.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
