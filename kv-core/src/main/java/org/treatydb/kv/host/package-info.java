/**
 * Adapters to what the adversary owns: files, RocksDB, memory outside the heap. Untrusted: they see sealed bytes only,
 * and the enclave believes nothing they return.
 */
package org.treatydb.kv.host;
