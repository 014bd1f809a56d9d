/**
 * What a transaction has written and not yet committed, and the memory all of them may take.
 *
 * <p>Called by {@code txn} and by a cluster's transactions; calls {@code version} and {@code wal}. Trusted.
 */
package org.treatydb.kv.enclave.writes;
