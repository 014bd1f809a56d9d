/**
 * Who is who in a cluster: its certificate authority, the keys and certificates of its nodes and servers, and the check of what others
 * show. Elliptic curve P-256, X.509 version 3, one step from the authority to whoever is named.
 *
 * <p>The configuration service owns the authority; every node owns a key. Called by those two and by the secure channel, which puts both
 * into TLS. Calls Bouncy Castle (certificates) and the JDK (checking paths). Opens no connection. Trusted.
 */
package org.treatydb.dist.enclave.identity;
