/**
 * The configuration and attestation service (CAS): lets attested nodes into the cluster, and gives them their identity, keys and
 * configuration; and a node's side of that.
 *
 * <p>The service keeps its state in a {@link org.treatydb.kv.api.KvStore}, sealed and fresh. Both sides are called by {@code
 * org.treatydb.dist.node} and {@code org.treatydb.jdbc.cli}. Trusted.
 */
package org.treatydb.dist.enclave.cas;
