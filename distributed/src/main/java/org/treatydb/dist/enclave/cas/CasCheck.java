package org.treatydb.dist.enclave.cas;

import java.util.EnumSet;
import java.util.Set;
import org.treatydb.dist.enclave.attest.AttestationCheck;

/** What the service checks before it gives anything away. All of it; tests leave single checks out to show what an attack would gain. */
enum CasCheck {
  /** The nonce is one that this service gave out, and not for so long that it has been forgotten. */
  ISSUED,
  /** The nonce has not been used before. */
  SINGLE_USE,
  /** The nonce has not expired. */
  EXPIRY,
  /** The evidence is for this nonce, this key, this node, this boot, and this service. */
  BINDING,
  /** The node is not shut out. */
  SHUT_OUT,
  /** Who asks has a certificate of a node. */
  CERTIFIED;

  /**
   * A choice of checks.
   *
   * @param attestation those of the evidence itself
   */
  record Choice(Set<CasCheck> own, Set<AttestationCheck> attestation) {

    static final Choice ALL = new Choice(EnumSet.allOf(CasCheck.class), EnumSet.allOf(AttestationCheck.class));

    Choice without(CasCheck check) {
      Set<CasCheck> fewer = EnumSet.copyOf(own);
      fewer.remove(check);
      return new Choice(fewer, attestation);
    }

    Choice without(AttestationCheck check) {
      Set<AttestationCheck> fewer = EnumSet.copyOf(attestation);
      fewer.remove(check);
      return new Choice(own, fewer);
    }
  }
}
