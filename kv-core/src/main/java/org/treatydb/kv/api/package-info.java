/**
 * The key-value API: what SQL, the cluster and Java users program against.
 *
 * <p>Called by {@code calcite-adapter} and by applications; implemented by {@code org.treatydb.kv.enclave.txn} (one
 * node). Trusted: keys and values cross this API in plaintext, inside the attested process.
 */
package org.treatydb.kv.api;
