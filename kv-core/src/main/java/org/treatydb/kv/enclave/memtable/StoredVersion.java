package org.treatydb.kv.enclave.memtable;

import java.util.Arrays;
import org.treatydb.kv.enclave.version.VersionedKey;

/**
 * A version whose value lies in host memory. Ordered as a {@link VersionedKey} is. The key must not change.
 *
 * @param chunk where its value lies, among others; null for a tombstone
 * @param offset where the value begins in the opened chunk
 * @param length bytes of the value
 */
record StoredVersion(byte[] key, long timestamp, SealedArena.Chunk chunk, int offset, int length) {

  boolean isTombstone() {
    return chunk == null;
  }

  int compareTo(byte[] otherKey, long otherTimestamp) {
    int byKey = Arrays.compareUnsigned(key, otherKey);
    return byKey != 0 ? byKey : Long.compare(otherTimestamp, timestamp);
  }

  int compareTo(StoredVersion other) {
    return compareTo(other.key, other.timestamp);
  }
}
