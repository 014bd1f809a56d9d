/**
 * Calls between attested nodes, and to the configuration service: requests and replies in frames over TLS 1.3, both ends checked against
 * the cluster's certificate authority.
 *
 * <p>The one trusted package that touches Netty and sockets: plaintext of messages exists here, so it cannot be the host's (decision 004).
 * What it guarantees: who is called is the node that was meant, who calls is the node that its certificate names, and what arrives is what
 * was sent, once, to the one connection it was sent on. What it does not: that anything arrives. Called by the wiring of a node and of the
 * configuration service, through {@link org.treatydb.dist.boundary.Transport}; calls {@code enclave.identity}, Netty, and the JDK's TLS.
 */
package org.treatydb.dist.channel;
