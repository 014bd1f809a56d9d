package org.treatydb.kv.enclave.version;

import java.util.Arrays;

/**
 * A key at a commit timestamp. Ordered by key ascending (unsigned bytes), then timestamp descending: the newest version
 * comes first.
 */
public record VersionedKey(byte[] key, long timestamp) implements Comparable<VersionedKey> {

  /** The timestamp of a transaction's own writes: newer than every commit. */
  public static final long UNCOMMITTED = Long.MAX_VALUE;

  @Override
  public int compareTo(VersionedKey other) {
    int byKey = Arrays.compareUnsigned(key, other.key);
    return byKey != 0 ? byKey : Long.compare(other.timestamp, timestamp);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof VersionedKey other && timestamp == other.timestamp && Arrays.equals(key, other.key);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(key) + Long.hashCode(timestamp);
  }
}
