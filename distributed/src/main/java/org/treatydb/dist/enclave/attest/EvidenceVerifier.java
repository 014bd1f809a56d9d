package org.treatydb.dist.enclave.attest;

/** Verifies the evidence of one provider. Thread-safe. */
public interface EvidenceVerifier {

  /**
   * What is proved.
   *
   * @param measurement of the code that asked for the evidence
   * @param reportData what that code gave to be bound
   */
  record Attested(Measurement measurement, byte[] reportData) {}

  /**
   * Checks that {@code evidence} is genuine. Whether its measurement is wanted, and its report data fresh, is the caller's to check.
   *
   * @throws RejectedEvidenceException if it is not
   */
  Attested verify(byte[] evidence) throws RejectedEvidenceException;
}
