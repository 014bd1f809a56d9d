/**
 * Sealed leaves and the directory that tells what they must be.
 *
 * <p>The key space is cut into leaves, contiguous ranges of some KiB. A leaf is one entry of the {@code SealedStore}:
 * frames, one behind the other, each a sorted run of versions, compressed, then sealed. The directory, in trusted
 * memory and kept by the MANIFEST, names each leaf's frames by the flushes that wrote them. A frame that is missing,
 * old, moved or forged does not match: integrity and freshness on every read.
 *
 * <p>Called by {@code manifest} and {@code store}; calls {@code crypto} and the {@code SealedStore} boundary. Trusted.
 */
package org.treatydb.kv.enclave.leaf;
