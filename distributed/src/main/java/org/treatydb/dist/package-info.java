/**
 * The key-value API of {@code kv-core} over many attested nodes.
 *
 * <p>Empty so far: the cluster (secure RPC, attestation, shard map, two-phase commit, the counter quorum) lands here, in packages {@code
 * org.treatydb.dist.enclave} (trusted), {@code org.treatydb.dist.host} (untrusted) and {@code org.treatydb.dist.boundary} (the
 * interfaces between the two). The log formats and the {@code TrustedCounter} boundary it builds on are those of {@code kv-core}.
 */
package org.treatydb.dist;
