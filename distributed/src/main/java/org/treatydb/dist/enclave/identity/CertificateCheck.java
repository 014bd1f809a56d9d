package org.treatydb.dist.enclave.identity;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.treatydb.kv.boundary.Clock;

/**
 * Checks what somebody shows to prove who they are: issued by this cluster's authority and by no other, for this use, not before or after
 * its time, not revoked. Does not prove that whoever shows a certificate has its key: TLS does.
 *
 * <p>The time is the host's: a host that sets the clock back makes an expired certificate pass, but never a revoked one. Thread-safe.
 */
public final class CertificateCheck {

  /** What the cluster has revoked. Thread-safe; asked at every check. */
  @FunctionalInterface
  public interface Revocations {
    boolean isRevoked(int node, BigInteger serial);
  }

  private static final int DIGITAL_SIGNATURE_BIT = 0;
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private final X509Certificate authority;
  private final Clock clock;
  private final Revocations revocations;

  public CertificateCheck(X509Certificate authority, Clock clock, Revocations revocations) {
    this.authority = authority;
    this.clock = clock;
    this.revocations = revocations;
  }

  /**
   * The check for whoever has the authority's certificate pinned (DER).
   *
   * @throws IllegalArgumentException if these bytes are no certificate
   */
  public static CertificateCheck pinned(byte[] authority, Clock clock, Revocations revocations) {
    return new CertificateCheck(CertificateAuthority.parsed(authority), clock, revocations);
  }

  /**
   * The node whose certificate comes first in a chain; what comes after it is not looked at.
   *
   * @throws CertificateException if it is refused, with the reason
   */
  public NodeCertificate checkNode(Certificate... chain) throws CertificateException {
    X509Certificate certificate = checkPath(chain);
    NodeCertificate node = NodeCertificate.of(certificate);
    checkUse(certificate, KeyPurposeId.id_kp_serverAuth);
    checkUse(certificate, KeyPurposeId.id_kp_clientAuth);
    if (revocations.isRevoked(node.node(), node.serial())) {
      throw new CertificateException("the certificate of node " + node.node() + " has been revoked");
    }
    return node;
  }

  /**
   * Checks that the first certificate in a chain is a server's of this name, and no node's.
   *
   * @param name one of the names that it was issued for
   * @throws CertificateException if it is refused, with the reason
   */
  public void checkServer(String name, Certificate... chain) throws CertificateException {
    X509Certificate certificate = checkPath(chain);
    checkUse(certificate, KeyPurposeId.id_kp_serverAuth);
    if (NodeCertificate.isIn(certificate)) {
      throw new CertificateException("a node's certificate where that of server " + name + " is wanted");
    }
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    if (names == null || names.stream().noneMatch(each ->
        (each.get(0).equals(DNS_NAME) || each.get(0).equals(IP_ADDRESS)) && name.equalsIgnoreCase(String.valueOf(each.get(1))))) {
      throw new CertificateException("the certificate is not that of server " + name);
    }
  }

  private X509Certificate checkPath(Certificate... chain) throws CertificateException {
    if (chain.length == 0 || !(chain[0] instanceof X509Certificate certificate)) {
      throw new CertificateException("no certificate was shown");
    }
    try {
      Date now = new Date(clock.currentTimeMillis());
      authority.checkValidity(now);
      certificate.checkValidity(now);
      checkSignature(certificate, authority);
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(now);
      parameters.addCertPathChecker(new NodeExtensionIsKnown());
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), parameters);
    } catch (CertificateException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the certificate is refused: " + e.getMessage(), e);
    }
    boolean[] usage = certificate.getKeyUsage();
    if (certificate.getBasicConstraints() >= 0 || usage == null || !usage[DIGITAL_SIGNATURE_BIT]) {
      throw new CertificateException("the certificate is not for signing handshakes");
    }
    return certificate;
  }

  private static void checkUse(X509Certificate certificate, KeyPurposeId purpose) throws CertificateException {
    List<String> uses = certificate.getExtendedKeyUsage();
    if (uses == null || !uses.contains(purpose.getId())) {
      throw new CertificateException("the certificate is for another use");
    }
  }

  static void checkSignature(X509Certificate certificate, X509Certificate authority) throws CertificateException {
    try {
      if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
        throw new CertificateException("the certificate comes from another authority");
      }
      certificate.verify(authority.getPublicKey());
    } catch (CertificateException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the certificate is not signed by the cluster's authority", e);
    }
  }

  /** The path validator refuses critical extensions that nobody claims to understand. */
  private static final class NodeExtensionIsKnown extends PKIXCertPathChecker {

    @Override
    public void init(boolean forward) {
      // keeps no state
    }

    @Override
    public boolean isForwardCheckingSupported() {
      return true;
    }

    @Override
    public Set<String> getSupportedExtensions() {
      return Set.of(NodeCertificate.EXTENSION.getId());
    }

    @Override
    public void check(Certificate certificate, Collection<String> unresolvedCriticalExtensions) {
      unresolvedCriticalExtensions.remove(NodeCertificate.EXTENSION.getId());
    }
  }
}
