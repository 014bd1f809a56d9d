package org.treatydb.dist.boundary;

/**
 * What proves to a stranger which code runs in this process: hardware, or a stand-in for it. Thread-safe.
 *
 * <p>The evidence is believed only after an {@code EvidenceVerifier} of the same provider has checked it.
 */
public interface AttestationProvider {

  /** Bytes of the data that evidence binds. */
  int REPORT_DATA_BYTES = 64;

  /** The provider's name in policies and messages. */
  String name();

  /**
   * Evidence that the code of this process asked for it with {@code reportData}.
   *
   * @param reportData {@value #REPORT_DATA_BYTES} bytes
   */
  byte[] evidence(byte[] reportData);
}
