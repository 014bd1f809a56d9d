/**
 * Time as commits and snapshots know it: the node's clock, and those of a majority.
 *
 * <p>Called by everything that carries timestamps; calls the {@code Transport}. Trusted.
 */
package org.treatydb.dist.enclave.clock;
