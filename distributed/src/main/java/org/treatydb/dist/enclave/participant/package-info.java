/**
 * This node's part in transactions that others coordinate, and in its own: serves branches, each request at most once, and finds out
 * what became of those whose coordinator is silent.
 *
 * <p>Called by the {@code Transport}; calls {@code branch}, {@code shard} and the node's {@code ParticipantStore}. Trusted.
 */
package org.treatydb.dist.enclave.participant;
