/**
 * The MemTable: recent commits, sorted. Keys and pointers lie in trusted memory, values sealed in host memory
 * (SPEICHER, section 4).
 *
 * <p>Called by {@code store}; calls {@code crypto} and the {@code HostMemory} boundary. Trusted.
 */
package org.treatydb.kv.enclave.memtable;
