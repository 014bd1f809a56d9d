/** Which node has which keys. Called by {@code store}, {@code participant} and {@code cas}; calls {@code kv.enclave.codec}. Trusted. */
package org.treatydb.dist.enclave.shard;
