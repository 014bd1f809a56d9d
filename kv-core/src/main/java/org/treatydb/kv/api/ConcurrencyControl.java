package org.treatydb.kv.api;

/** How a read-write transaction keeps others from changing what it has read. Both kinds are strictly serializable, and mix freely. */
public enum ConcurrencyControl {

  /** It locks what it reads and writes, at once and until its end; who comes second waits. */
  PESSIMISTIC,

  /**
   * It reads the snapshot of its begin, locks nothing until its commit, and is refused there, with
   * {@link ErrorCode#SERIALIZATION_CONFLICT}, if something it has read has changed since. For transactions that seldom meet others,
   * or that read much and must hold up nobody.
   */
  OPTIMISTIC
}
