/**
 * A node, and the configuration service, as a whole: what their operators' files say, what the code measures, and how the parts come
 * together.
 *
 * <p>Called by {@code org.treatydb.jdbc.cli}. Trusted; the one place that knows both the enclave and its host.
 */
package org.treatydb.dist.node;
