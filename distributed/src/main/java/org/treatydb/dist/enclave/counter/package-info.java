/**
 * The trusted counters of the nodes, kept by the other nodes: what one node's logs have come to is known where its own disk cannot reach.
 * {@link org.treatydb.dist.enclave.counter.QuorumCounter} is a node's own counter, {@link
 * org.treatydb.dist.enclave.counter.CounterMember} keeps those of the others. {@code docs/decisions/002} says why it works.
 *
 * <p>Called by {@code kv-core} through {@code TrustedCounter}, and by the dispatcher of {@code enclave.rpc}; calls the {@code Transport}.
 * Trusted.
 */
package org.treatydb.dist.enclave.counter;
