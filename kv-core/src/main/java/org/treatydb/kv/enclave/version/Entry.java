package org.treatydb.kv.enclave.version;

/**
 * One version of one key. The arrays are shared and must not change.
 *
 * @param value null for a tombstone: the key was deleted
 */
public record Entry(byte[] key, long timestamp, byte[] value) {

  public boolean isTombstone() {
    return value == null;
  }
}
