package org.treatydb.kv.enclave.txn;

import org.treatydb.kv.api.TransactionId;

/**
 * How a transaction begins.
 *
 * @param age counts those that began in this store
 * @param ended runs once, when it has ended and given its locks back
 */
record Beginning(TransactionId id, long age, Runnable ended) {}
