/**
 * Attestation: which code asks to join the cluster, how that is proved and what is believed. Evidence comes from an {@link
 * org.treatydb.dist.boundary.AttestationProvider}; here it is verified and held against the operator's policy. A hardware provider is
 * added as a further {@link org.treatydb.dist.enclave.attest.EvidenceVerifier}.
 *
 * <p>Called by {@code enclave.cas}. Trusted.
 */
package org.treatydb.dist.enclave.attest;
