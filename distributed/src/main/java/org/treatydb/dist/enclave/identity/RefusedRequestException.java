package org.treatydb.dist.enclave.identity;

/** A request for a certificate that cannot be granted to anyone: malformed, of another curve, or not signed by the key it names. */
public final class RefusedRequestException extends Exception {
  RefusedRequestException(String why) {
    super("the request for a certificate is refused: " + why);
  }
}
