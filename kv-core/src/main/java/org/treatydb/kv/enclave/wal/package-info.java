/**
 * The records of the write-ahead log. Called by {@code store}; calls {@code codec}. Trusted.
 */
package org.treatydb.kv.enclave.wal;
