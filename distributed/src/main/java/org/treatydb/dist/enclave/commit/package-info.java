/**
 * The coordinator's part in a commit: two phases, the Clog, and telling participants until they know. The Clog also has what this node
 * decides of ranges that move.
 *
 * <p>Called by {@code store}, {@code move} and, through the {@code Transport}, by participants in doubt; calls {@code branch} and {@code
 * kv.enclave.log}. Trusted.
 */
package org.treatydb.dist.enclave.commit;
