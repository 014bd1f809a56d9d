/**
 * The life of a transaction, whatever kind it is and wherever its data lies: the calls of its owner, its cursors, its timeouts, its end.
 *
 * <p>Extended by {@code txn} and by a cluster's transactions; calls {@code store} for the health of the node. Trusted.
 */
package org.treatydb.kv.enclave.lifecycle;
