/**
 * Puts one node's store together: the trusted engine of {@code enclave} over the adapters of {@code host}.
 *
 * <p>Called by whoever opens a store in process: the SQL layer's embedded URLs, the server, Java users. Trusted.
 */
package org.treatydb.kv.embedded;
