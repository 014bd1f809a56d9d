package org.treatydb.kv.enclave.version;

/**
 * A walk over a source that gives, for each key, the newest version visible at one timestamp, tombstones included. Keys
 * come in ascending or, if the source was asked so, descending order. Starts before the first. Not thread-safe.
 */
public interface EntryCursor {

  /** Moves to the next key; false when there is none. */
  boolean next();

  byte[] key();

  long timestamp();

  boolean isTombstone();

  /** The value; not to be called on a tombstone. The array is the caller's own. */
  byte[] value();
}
