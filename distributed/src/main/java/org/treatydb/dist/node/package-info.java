/**
 * A node as a whole: what its operator's file says, what its code measures, and (the wiring) how its parts come together.
 *
 * <p>Called by {@code org.treatydb.jdbc.cli}. Trusted; the one place that knows both the enclave and its host.
 */
package org.treatydb.dist.node;
