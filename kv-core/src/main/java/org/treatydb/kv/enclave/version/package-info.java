/**
 * Versions: what every source of entries (memtables, leaves) holds, and how reads choose among them. An entry is a key,
 * the timestamp of the commit that wrote it, and a value or a tombstone; order is key ascending, timestamp descending.
 *
 * <p>Called by {@code memtable}, {@code leaf}, {@code store} and {@code txn}; calls nothing. Trusted.
 */
package org.treatydb.kv.enclave.version;
