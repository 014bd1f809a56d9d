/**
 * The trusted engine: everything below sees keys and plaintext, and touches no file, socket, RocksDB or Netty class. It
 * reaches the host only through {@code org.treatydb.kv.boundary} (an ArchUnit test keeps it so).
 *
 * <ul>
 *   <li>{@code codec} the binary formats' reader and writer
 *   <li>{@code crypto} keys, key derivation, sealing
 *   <li>{@code log} the sealed log: WAL, Clog and MANIFEST are three of it
 *   <li>{@code lock} the lock table
 *   <li>{@code memtable} recent commits: keys here, values sealed in host memory
 *   <li>{@code leaf} sealed leaves, their frames and the directory
 *   <li>{@code manifest} the records of the MANIFEST
 *   <li>{@code txn} transactions
 *   <li>{@code store} the store: recovery, flush, views
 * </ul>
 */
package org.treatydb.kv.enclave;
