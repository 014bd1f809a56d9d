package org.treatydb.kv.enclave.store;

/**
 * A committed write that can still be lost.
 *
 * @param counter of the WAL's record it is in; when that is stable, so is the write
 * @param value not to be changed; null for a delete
 */
public record UnstableWrite(long counter, byte[] value) {}
