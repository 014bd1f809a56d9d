package org.treatydb.dist.enclave.cas;

import java.util.Arrays;

/**
 * A shard map as the CAS keeps it, without knowing what is in it. Immutable; the bytes are not to be changed.
 *
 * @param version counts changes; 0 and no bytes before the first
 */
public record PublishedShardMap(long version, byte[] bytes) {

  /** The longest map, in bytes. */
  public static final int BYTES_MAX = 8 << 20;

  static final PublishedShardMap NONE = new PublishedShardMap(0, new byte[0]);

  @Override
  public boolean equals(Object o) {
    return o instanceof PublishedShardMap other && version == other.version && Arrays.equals(bytes, other.bytes);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(version);
  }
}
