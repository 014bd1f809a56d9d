/**
 * Transactions: strict two-phase locking for read-write ones, snapshots for read-only ones, over the versioned store.
 *
 * <p>Called through the API ({@code KvStore}, {@code KvTransaction}); calls {@code lock} and {@code store}. Trusted.
 */
package org.treatydb.kv.enclave.txn;
