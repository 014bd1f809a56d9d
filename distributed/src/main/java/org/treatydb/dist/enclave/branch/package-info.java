/**
 * What a coordinator and a participant say to each other about one branch of a transaction, and the coordinator's end of that.
 *
 * <p>Called by {@code store} and {@code commit} at the coordinator, by {@code participant}; calls the {@code Transport}. Trusted.
 */
package org.treatydb.dist.enclave.branch;
