package org.treatydb.dist.enclave.attest;

/** What is checked of evidence. All of it, always; tests leave single checks out to show what an attack would gain. */
public enum AttestationCheck {
  /** The provider is one that the operator allows. */
  PROVIDER,
  /** The evidence is signed with the provider's key. */
  SIGNATURE,
  /** The measurement is one that the operator allows. */
  MEASUREMENT
}
