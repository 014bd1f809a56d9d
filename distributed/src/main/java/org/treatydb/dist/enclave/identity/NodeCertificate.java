package org.treatydb.dist.enclave.identity;

import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;

/**
 * What a node's certificate says, in an extension of its own: version, node id, measurement, boot nonce, attestation
 * provider. It is critical, so that nobody
 * takes such a certificate who does not know what it means.
 *
 * @param node the node's id, from 1 on
 * @param serial what the authority has numbered it with; with the node's id it names what is revoked
 * @param measurement of the code that was attested; up to {@value #MEASUREMENT_BYTES_MAX} bytes
 * @param bootNonce of the start that was attested; up to {@value #MEASUREMENT_BYTES_MAX} bytes
 * @param provider of the attestation; under {@code software} there was none worth the name
 * @param notAfterMillis since 1970-01-01 UTC
 */
public record NodeCertificate(int node, BigInteger serial, byte[] measurement, byte[] bootNonce, String provider, long notAfterMillis) {

  public static final int MEASUREMENT_BYTES_MAX = 64;

  /** Under the arc of UUIDs (ITU-T X.667), which needs no registration: 01585fea-f3d4-45c8-bed1-eb843b1169d4. */
  static final ASN1ObjectIdentifier EXTENSION = new ASN1ObjectIdentifier("2.25.1788095563099835157491078538495879636");

  private static final int VERSION = 1;

  static boolean isIn(X509Certificate certificate) {
    return certificate.getExtensionValue(EXTENSION.getId()) != null;
  }

  static DERSequence extension(int node, byte[] measurement, byte[] bootNonce, String provider) {
    if (node < 1 || measurement.length > MEASUREMENT_BYTES_MAX || bootNonce.length > MEASUREMENT_BYTES_MAX) {
      throw new IllegalArgumentException("node " + node + ", " + measurement.length + " and " + bootNonce.length + " bytes");
    }
    return new DERSequence(new ASN1Encodable[] {
        new ASN1Integer(VERSION), new ASN1Integer(node), new DEROctetString(measurement), new DEROctetString(bootNonce),
        new DERUTF8String(provider)});
  }

  /** Reads a certificate; does not check who has signed it. */
  static NodeCertificate of(X509Certificate certificate) throws CertificateException {
    byte[] value = certificate.getExtensionValue(EXTENSION.getId());
    if (value == null) {
      throw new CertificateException("the certificate is not a node's");
    }
    try {
      ASN1Sequence fields = ASN1Sequence.getInstance(ASN1OctetString.getInstance(value).getOctets());
      int version = ASN1Integer.getInstance(fields.getObjectAt(0)).intValueExact();
      int node = ASN1Integer.getInstance(fields.getObjectAt(1)).intValueExact();
      if (version != VERSION || node < 1 || fields.size() != 5) {
        throw new CertificateException("the certificate names node " + node + " in version " + version);
      }
      return new NodeCertificate(node, certificate.getSerialNumber(), ASN1OctetString.getInstance(fields.getObjectAt(2)).getOctets(),
          ASN1OctetString.getInstance(fields.getObjectAt(3)).getOctets(), ASN1UTF8String.getInstance(fields.getObjectAt(4)).getString(),
          certificate.getNotAfter().getTime());
    } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
      throw new CertificateException("the certificate's extension is malformed", e);
    }
  }

  /** The name of a node in subject and alternative name. */
  static String name(int node) {
    return "node-" + node;
  }

  @Override
  public byte[] measurement() {
    return measurement.clone();
  }

  @Override
  public byte[] bootNonce() {
    return bootNonce.clone();
  }

  @Override
  public String toString() {
    return name(node) + " (certificate " + serial.toString(16) + ", measurement " + HexFormat.of().formatHex(measurement)
        + " by " + provider + " attestation)";
  }
}
