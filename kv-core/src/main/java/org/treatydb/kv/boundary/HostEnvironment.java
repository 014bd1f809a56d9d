package org.treatydb.kv.boundary;

import java.util.concurrent.ThreadFactory;

/**
 * All that one node's engine gets from its host, handed in at the start. The engine closes none of it.
 *
 * @param threads makes the engine's background threads
 */
public record HostEnvironment(
    SealedLogStorage wal,
    SealedLogStorage manifest,
    SealedStore leaves,
    TrustedCounter counter,
    HostMemory memory,
    Clock clock,
    Entropy entropy,
    ThreadFactory threads) {}
