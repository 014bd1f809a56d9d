/**
 * The lock table: strict two-phase locking on keys and key ranges, with fair queues and deadlock detection (TREATY,
 * section "transactions").
 *
 * <p>Called by {@code txn}; calls nothing. Trusted: it sees keys.
 */
package org.treatydb.kv.enclave.lock;
