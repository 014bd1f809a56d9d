/**
 * Deadlocks over several nodes.
 *
 * <p>Called by {@code node} and the {@code Transport}; asks the other nodes, and refuses waits in the node's own lock table. Trusted.
 */
package org.treatydb.dist.enclave.deadlock;
