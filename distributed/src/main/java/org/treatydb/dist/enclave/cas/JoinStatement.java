package org.treatydb.dist.enclave.cas;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.treatydb.kv.enclave.codec.ByteWriter;

/**
 * Who asks to be let in. Immutable; arrays are not to be changed.
 *
 * @param node the node's name
 * @param request for a certificate of the node's key ({@link org.treatydb.dist.enclave.identity.IdentityKey#request})
 * @param bootNonce random, {@value #BOOT_NONCE_BYTES} bytes, new at each start of the node
 */
record JoinStatement(String node, byte[] request, byte[] bootNonce) {

  static final int BOOT_NONCE_BYTES = 32;
  static final int REQUEST_BYTES_MAX = 4096;

  private static final byte[] DOMAIN = "treaty/1/join".getBytes(StandardCharsets.US_ASCII);

  /**
   * What evidence for this statement binds: SHA-512 of it, of the service's nonce, and of the cluster's authority. By the last, evidence
   * that a node made for an impostor (whose certificate it was given as its trust anchor) is good for nothing at the real service.
   *
   * @param authority the certificate of the cluster's authority (DER)
   */
  byte[] reportData(byte[] nonce, byte[] authority) {
    byte[] statement = new ByteWriter(512)
        .raw(DOMAIN).bytes(nonce).bytes(authority).bytes(node.getBytes(StandardCharsets.US_ASCII)).bytes(request).bytes(bootNonce)
        .toByteArray();
    try {
      return MessageDigest.getInstance("SHA-512").digest(statement);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-512", e);
    }
  }
}
