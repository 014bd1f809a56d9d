package org.treatydb.dist.enclave.cas;

/** A request that the service refuses; the message says why, to whoever asked and to the log. */
final class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
