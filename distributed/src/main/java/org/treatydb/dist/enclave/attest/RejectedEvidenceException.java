package org.treatydb.dist.enclave.attest;

/** Evidence is not genuine, or not allowed; the message says which, and holds nothing that was sent. */
public final class RejectedEvidenceException extends Exception {

  private static final long serialVersionUID = 1L;

  RejectedEvidenceException(String message) {
    super(message);
  }
}
