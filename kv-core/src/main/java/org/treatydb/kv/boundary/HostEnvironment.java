package org.treatydb.kv.boundary;

import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * All that one node's engine gets from its host, handed in at the start. The engine closes none of it.
 *
 * @param clog empty if the store is no node of a cluster
 * @param threads makes the engine's background threads
 */
public record HostEnvironment(
    SealedLogStorage wal,
    SealedLogStorage manifest,
    Optional<SealedLogStorage> clog,
    SealedStore leaves,
    TrustedCounter counter,
    HostMemory memory,
    Clock clock,
    Entropy entropy,
    ThreadFactory threads) {

  /** For a store that is no node of a cluster. */
  public HostEnvironment(
      SealedLogStorage wal, SealedLogStorage manifest, SealedStore leaves, TrustedCounter counter, HostMemory memory, Clock clock,
      Entropy entropy, ThreadFactory threads) {
    this(wal, manifest, Optional.empty(), leaves, counter, memory, clock, entropy, threads);
  }

  /** The same host with that Clog. */
  public HostEnvironment withClog(Optional<SealedLogStorage> storage) {
    return new HostEnvironment(wal, manifest, storage, leaves, counter, memory, clock, entropy, threads);
  }
}
