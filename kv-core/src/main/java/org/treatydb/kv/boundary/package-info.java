/**
 * The interfaces between the trusted engine and the untrusted host: files, RocksDB, memory, counters, time, entropy.
 *
 * <p>Called by {@code enclave}, implemented by {@code host} (real) and by test doubles and the simulator. What crosses
 * from the enclave to the host is sealed, except lengths, leaf ids and counter values. What comes back is not believed
 * until it has been opened.
 */
package org.treatydb.kv.boundary;
