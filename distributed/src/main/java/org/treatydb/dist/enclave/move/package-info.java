/**
 * Ranges of keys that move from one node to another while the cluster serves (decision record 005): the giving node, the taking node, and
 * the operator's request.
 *
 * <p>Called by the node and, through the {@code Transport}, by other nodes; calls {@code shard}, {@code commit} for the Clog, and the
 * node's {@code ParticipantStore}. Trusted.
 */
package org.treatydb.dist.enclave.move;
