package org.treatydb.dist.enclave.identity;

import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.treatydb.dist.boundary.Peer;

/**
 * What a node, or a server that is no node, shows to others: its private key, its certificate, and the authority that gave it the
 * certificate. Never prints the key. Immutable, thread-safe.
 */
public final class NodeIdentity {

  private final IdentityKey key;
  private final X509Certificate certificate;
  private final X509Certificate authority;
  private final int node;

  private NodeIdentity(IdentityKey key, X509Certificate certificate, X509Certificate authority, int node) {
    this.key = key;
    this.certificate = certificate;
    this.authority = authority;
    this.node = node;
  }

  /**
   * Puts together what belongs together.
   *
   * @param certificate of the node or server (DER)
   * @param authority its certificate (DER)
   * @throws CertificateException if the certificate is for another key, or not signed by the authority
   */
  public static NodeIdentity of(IdentityKey key, byte[] certificate, byte[] authority) throws CertificateException {
    X509Certificate own;
    X509Certificate issuer;
    try {
      own = CertificateAuthority.parsed(certificate);
      issuer = CertificateAuthority.parsed(authority);
    } catch (IllegalArgumentException e) {
      throw new CertificateException("not a certificate", e);
    }
    if (!key.isFor(own.getPublicKey().getEncoded())) {
      throw new CertificateException("the certificate is for another key");
    }
    CertificateCheck.checkSignature(own, issuer);
    return new NodeIdentity(key, own, issuer, NodeCertificate.isIn(own) ? NodeCertificate.of(own).node() : Peer.ANONYMOUS);
  }

  /** The node's id, or {@link Peer#ANONYMOUS} for a server that is no node. */
  public int node() {
    return node;
  }

  /** The private key, for TLS and nothing else. */
  public PrivateKey privateKey() {
    return key.forTls();
  }

  public X509Certificate certificate() {
    return certificate;
  }

  public X509Certificate authority() {
    return authority;
  }

  /** When its certificate ends, in milliseconds since 1970-01-01 UTC: a new one must be had before. */
  public long notAfterMillis() {
    return certificate.getNotAfter().getTime();
  }

  static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate without an encoding", e);
    }
  }

  @Override
  public String toString() {
    return "NodeIdentity(" + certificate.getSubjectX500Principal().getName() + ", serial " + certificate.getSerialNumber().toString(16)
        + ", key not shown)";
  }
}
