package org.treatydb.dist.enclave.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;
import org.bouncycastle.util.IPAddress;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/**
 * A cluster's certificate authority: whoever holds it says who the nodes are. It certifies keys and keeps no list of what it has certified;
 * whether someone deserves a certificate (attestation, policy) is for its caller to decide before. Never prints its secret. Thread-safe.
 */
public final class CertificateAuthority {

  /** How long a node's certificate is good for if nothing else is wanted: a day. */
  public static final long NODE_VALIDITY_MILLIS = TimeUnit.DAYS.toMillis(1);

  private static final long OWN_VALIDITY_MILLIS = TimeUnit.DAYS.toMillis(3650);
  /** Machines' clocks differ: a certificate is good from so long before it was issued. */
  private static final long CLOCK_SKEW_MILLIS = TimeUnit.MINUTES.toMillis(10);
  private static final int SERIAL_BYTES = 16;
  private static final int FORMAT_VERSION = 1;
  private static final int PART_BYTES_MAX = 4096;
  private static final Pattern RESERVED = Pattern.compile("node-.*", Pattern.CASE_INSENSITIVE);

  private final IdentityKey key;
  private final X509Certificate certificate;
  private final Entropy entropy;
  private final Clock clock;

  private CertificateAuthority(IdentityKey key, X509Certificate certificate, Entropy entropy, Clock clock) {
    this.key = key;
    this.certificate = certificate;
    this.entropy = entropy;
    this.clock = clock;
  }

  /** A new authority with a key of its own and a name that no other has. */
  public static CertificateAuthority create(Entropy entropy, Clock clock) {
    IdentityKey key = IdentityKey.create(entropy);
    X500Name name = name("treaty-cluster-" + HexFormat.of().formatHex(entropy.bytes(8)));
    long now = clock.currentTimeMillis();
    try {
      X509v3CertificateBuilder builder = new X509v3CertificateBuilder(name, serial(entropy), new Date(now - CLOCK_SKEW_MILLIS),
          new Date(now + OWN_VALIDITY_MILLIS), name, key.publicKeyInfo());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(Extension.subjectKeyIdentifier, false,
          new BcX509ExtensionUtils().createSubjectKeyIdentifier(key.publicKeyInfo()));
      return new CertificateAuthority(key, parsed(builder.build(key.signer()).getEncoded()), entropy, clock);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The authority that {@link #encodeSecret} wrote.
   *
   * @throws MalformedBytesException if it did not write these bytes
   */
  public static CertificateAuthority decodeSecret(byte[] encoded, Entropy entropy, Clock clock) {
    ByteReader reader = new ByteReader(encoded);
    reader.version(FORMAT_VERSION);
    byte[] secret = reader.bytes(PART_BYTES_MAX);
    byte[] own = reader.bytes(PART_BYTES_MAX);
    reader.expectEnd();
    try {
      IdentityKey key = IdentityKey.decodeSecret(secret);
      X509Certificate certificate = parsed(own);
      if (!key.isFor(certificate.getPublicKey().getEncoded())) {
        throw new MalformedBytesException("the authority's certificate is not for its key");
      }
      return new CertificateAuthority(key, certificate, entropy, clock);
    } catch (IllegalArgumentException e) {
      throw new MalformedBytesException("not an authority: " + e.getMessage());
    }
  }

  /** Key and certificate, to be sealed. */
  public byte[] encodeSecret() {
    return new ByteWriter(512).u8(FORMAT_VERSION).bytes(key.encodeSecret()).bytes(certificate()).toByteArray();
  }

  /** The authority's own certificate (DER): what everybody in the cluster, and its clients, must know to trust anyone in it. */
  public byte[] certificate() {
    return NodeIdentity.encoded(certificate);
  }

  /**
   * Certifies a node's key, for TLS in both directions.
   *
   * @param serial the certificate's number, positive; the caller sees to it that no two have the same
   * @param request what {@link IdentityKey#request} made; only its key is believed
   * @param provider by which the node was attested: the certificate says so to whoever looks at it
   * @param validityMillis from now on; no longer than the authority's own certificate is good for
   * @return the certificate (DER)
   */
  public byte[] issueNode(int node, long serial, byte[] request, byte[] measurement, byte[] bootNonce, String provider, long validityMillis)
      throws RefusedRequestException {
    if (serial <= 0) {
      throw new IllegalArgumentException("serial number " + serial);
    }
    try {
      X509v3CertificateBuilder builder = builder(NodeCertificate.name(node), BigInteger.valueOf(serial), request, validityMillis);
      builder.addExtension(NodeCertificate.EXTENSION, true, NodeCertificate.extension(node, measurement, bootNonce, provider));
      builder.addExtension(Extension.subjectAlternativeName, false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, NodeCertificate.name(node))));
      builder.addExtension(Extension.extendedKeyUsage, false,
          new ExtendedKeyUsage(new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      return builder.build(key.signer()).getEncoded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Certifies the key of a server that is no node: the configuration service, or what JDBC clients connect to. It cannot pass for a node.
   *
   * @param names host names and IP addresses, the first of which is the subject
   * @throws IllegalArgumentException if there is no name, or one that a node could have
   */
  public byte[] issueServer(List<String> names, byte[] request, long validityMillis) throws RefusedRequestException {
    if (names.isEmpty() || names.stream().anyMatch(name -> name.isBlank() || RESERVED.matcher(name).matches())) {
      throw new IllegalArgumentException("a server cannot be called " + names);
    }
    try {
      X509v3CertificateBuilder builder = builder(names.getFirst(), serial(entropy), request, validityMillis);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names.stream()
          .map(name -> new GeneralName(IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
          .toArray(GeneralName[]::new)));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      return builder.build(key.signer()).getEncoded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The identity of a server that is in the same process as the authority: a new key, certified for {@code names}. */
  public NodeIdentity serverIdentity(List<String> names, long validityMillis) {
    IdentityKey serverKey = IdentityKey.create(entropy);
    try {
      return NodeIdentity.of(serverKey, issueServer(names, serverKey.request(), validityMillis), certificate());
    } catch (RefusedRequestException | CertificateException e) {
      throw new IllegalStateException("the authority refuses itself", e);
    }
  }

  private X509v3CertificateBuilder builder(String name, BigInteger serial, byte[] request, long validityMillis)
      throws RefusedRequestException, IOException {
    SubjectPublicKeyInfo subjectKey = IdentityKey.requested(request);
    long now = clock.currentTimeMillis();
    long notAfter = Math.min(now + validityMillis, certificate.getNotAfter().getTime());
    if (validityMillis <= 0 || notAfter <= now) {
      throw new IllegalArgumentException("a certificate cannot be good for " + validityMillis + " ms");
    }
    X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    X509v3CertificateBuilder builder = new X509v3CertificateBuilder(issuer, serial, new Date(now - CLOCK_SKEW_MILLIS),
        new Date(notAfter), name(name), subjectKey);
    BcX509ExtensionUtils identifiers = new BcX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(subjectKey));
    builder.addExtension(Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(key.publicKeyInfo()));
    return builder;
  }

  /** Random, and larger than any node's certificate can have. */
  private static BigInteger serial(Entropy entropy) {
    return new BigInteger(1, entropy.bytes(SERIAL_BYTES)).setBit(SERIAL_BYTES * Byte.SIZE - 2);
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  /** A certificate from its DER encoding. */
  static X509Certificate parsed(byte[] der) {
    try {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new IllegalArgumentException("not a certificate");
    }
  }

  @Override
  public String toString() {
    return "CertificateAuthority(" + certificate.getSubjectX500Principal().getName() + ")";
  }
}
