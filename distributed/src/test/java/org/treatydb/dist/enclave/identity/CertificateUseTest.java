package org.treatydb.dist.enclave.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/** Certificates that the authority's own key has signed, and that are good for nothing here: the authority issues none like them. */
class CertificateUseTest {

  private static final long HOUR = 3_600_000;
  private static final KeyPurposeId[] BOTH = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};

  private final Clock clock = new SystemClock();
  private final Entropy entropy = new SystemEntropy();
  private final CertificateAuthority authority = CertificateAuthority.create(entropy, clock);
  private final IdentityKey key = IdentityKey.create(entropy);
  private final CertificateCheck check = CertificateCheck.pinned(authority.certificate(), clock, (node, serial) -> false);

  /** What a certificate says, all of it as it should be for a node, until it is changed. */
  private record Statement(
      DERSequence node, BasicConstraints constraints, KeyUsage usage, KeyPurposeId[] purposes, GeneralName name) {

    Statement withNode(ASN1Encodable... fields) {
      return new Statement(fields.length == 0 ? null : new DERSequence(fields), constraints, usage, purposes, name);
    }

    Statement withConstraints(BasicConstraints changed) {
      return new Statement(node, changed, usage, purposes, name);
    }

    Statement withUsage(KeyUsage changed) {
      return new Statement(node, constraints, changed, purposes, name);
    }

    Statement withPurposes(KeyPurposeId... changed) {
      return new Statement(node, constraints, usage, changed.length == 0 ? null : changed, name);
    }

    Statement withName(GeneralName changed) {
      return new Statement(node, constraints, usage, purposes, changed);
    }
  }

  private static ASN1Encodable[] node(int version, int node) {
    return new ASN1Encodable[] {
        new ASN1Integer(version), new ASN1Integer(node), new DEROctetString(new byte[32]), new DEROctetString(new byte[16]),
        new DERUTF8String("software")};
  }

  private X509Certificate certificate(UnaryOperator<Statement> change) throws Exception {
    Statement says = change.apply(new Statement(
        new DERSequence(node(1, 3)), new BasicConstraints(false), new KeyUsage(KeyUsage.digitalSignature), BOTH,
        new GeneralName(GeneralName.dNSName, "cas")));
    ByteReader secret = new ByteReader(authority.encodeSecret());
    secret.version(1);
    IdentityKey authorityKey = IdentityKey.decodeSecret(secret.bytes(1 << 14));
    X509Certificate issuer = CertificateAuthority.parsed(authority.certificate());
    long now = clock.currentTimeMillis();
    X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
        X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()), BigInteger.TEN, new Date(now - HOUR), new Date(now + HOUR),
        new X500Name("CN=node-3"), key.publicKeyInfo());
    if (says.node != null) {
      builder.addExtension(NodeCertificate.EXTENSION, true, says.node);
    }
    builder.addExtension(Extension.basicConstraints, true, says.constraints);
    if (says.usage != null) {
      builder.addExtension(Extension.keyUsage, true, says.usage);
    }
    if (says.purposes != null) {
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(says.purposes));
    }
    if (says.name != null) {
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(says.name));
    }
    return CertificateAuthority.parsed(builder.build(authorityKey.signer()).getEncoded());
  }

  private void assertNoNode(UnaryOperator<Statement> change, String reason) throws Exception {
    X509Certificate certificate = certificate(change);
    String message = assertThrows(CertificateException.class, () -> check.checkNode(certificate)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  @Test
  void aNodesCertificateIsGoodForHandshakesOfBothSides() throws Exception {
    assertEquals(3, check.checkNode(certificate(says -> says)).node(), "the control");
    assertNoNode(says -> says.withUsage(null), "not for signing handshakes");
    assertNoNode(says -> says.withUsage(new KeyUsage(KeyUsage.keyAgreement)), "not for signing handshakes");
    assertNoNode(says -> says.withConstraints(new BasicConstraints(3)), "not for signing handshakes");
    assertNoNode(says -> says.withPurposes(), "for another use");
    assertNoNode(says -> says.withPurposes(KeyPurposeId.id_kp_clientAuth), "for another use");
    assertNoNode(says -> says.withPurposes(KeyPurposeId.id_kp_serverAuth), "for another use");
  }

  @Test
  void whatItSaysOfTheNodeHasOneFormOnly() throws Exception {
    assertNoNode(says -> says.withNode(), "not a node's");
    assertNoNode(says -> says.withNode(node(2, 3)), "in version 2");
    assertNoNode(says -> says.withNode(node(1, 0)), "names node 0");
    ASN1Encodable[] longer = Arrays.copyOf(node(1, 3), 6);
    longer[5] = new ASN1Integer(1);
    assertNoNode(says -> says.withNode(longer), "names node 3");
    assertNoNode(says -> says.withNode(new ASN1Integer(1)), "malformed");
    assertNoNode(says -> says.withNode(new ASN1Integer(1), new ASN1Integer(3)), "names node 3");
  }

  @Test
  void aServersCertificateNamesIt() throws Exception {
    check.checkServer("CAS", certificate(says -> says.withNode()));
    for (GeneralName other : new GeneralName[] {
        null, new GeneralName(GeneralName.rfc822Name, "cas"), new GeneralName(GeneralName.dNSName, "casino")}) {
      X509Certificate certificate = certificate(says -> says.withNode().withName(other));
      assertThrows(CertificateException.class, () -> check.checkServer("cas", certificate));
    }
  }

  @Test
  void aCertificateOfAnotherKindIsNone() {
    Certificate other = new Certificate("of another kind") {
      @Override
      public byte[] getEncoded() {
        return new byte[0];
      }

      @Override
      public void verify(PublicKey key) {
        // Whoever asks is told that all is well.
      }

      @Override
      public void verify(PublicKey key, String provider) {
        // As above.
      }

      @Override
      public String toString() {
        return "of another kind";
      }

      @Override
      public PublicKey getPublicKey() {
        return null;
      }
    };
    assertThrows(CertificateException.class, () -> check.checkNode(other));
  }

  @Test
  void theAuthorityIssuesNothingSenseless() {
    byte[] request = key.request();
    assertThrows(IllegalArgumentException.class, () -> authority.issueServer(List.of("cas", " "), request, HOUR));
    assertThrows(IllegalArgumentException.class, () -> authority.issueServer(List.of("cas"), request, 0));
    for (int[] bad : new int[][] {{0, 32, 16}, {3, 65, 16}, {3, 32, 65}}) {
      assertThrows(IllegalArgumentException.class,
          () -> authority.issueNode(bad[0], 1, request, new byte[bad[1]], new byte[bad[2]], "software", HOUR));
    }
  }

  @Test
  void keysThatAreNotOnANamedCurveAreRefused() throws Exception {
    KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    assertThrows(IllegalArgumentException.class, () -> IdentityKey.decodeSecret(edwards.getPrivate().getEncoded()));
    byte[] request = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), edwards.getPublic())
        .build(new JcaContentSignerBuilder("Ed25519").build(edwards.getPrivate())).getEncoded();
    assertThrows(RefusedRequestException.class, () -> IdentityKey.requestedKey(request));
    ECDomainParameters spelledOut =
        new ECDomainParameters(IdentityKey.P256.getCurve(), IdentityKey.P256.getG(), IdentityKey.P256.getN(), IdentityKey.P256.getH());
    byte[] secret =
        PrivateKeyInfoFactory.createPrivateKeyInfo(new ECPrivateKeyParameters(BigInteger.TWO, spelledOut)).getEncoded("DER");
    assertThrows(IllegalArgumentException.class, () -> IdentityKey.decodeSecret(secret));
  }
}
