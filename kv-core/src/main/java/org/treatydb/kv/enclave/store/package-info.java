/**
 * The versioned store: WAL, memtables, leaves and MANIFEST put together; recovery, flush, snapshots.
 *
 * <p>Called by {@code txn}, which decides who may read and write what; calls the packages beside it. Trusted.
 */
package org.treatydb.kv.enclave.store;
