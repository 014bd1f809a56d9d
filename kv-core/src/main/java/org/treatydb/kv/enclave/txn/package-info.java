/**
 * Transactions over the versioned store: strict two-phase locking, or a check of what was read at the commit, for
 * read-write ones, snapshots for read-only ones.
 *
 * <p>Called through the API ({@code KvStore}, {@code KvTransaction}); calls {@code lock} and {@code store}. Trusted.
 */
package org.treatydb.kv.enclave.txn;
