/**
 * The key-value API over all nodes: transactions whose branches lie where their keys are.
 *
 * <p>Called through {@code KvStore}; calls {@code branch}, {@code commit}, {@code clock}, {@code shard}. Trusted.
 */
package org.treatydb.dist.enclave.store;
