package org.treatydb.dist.enclave.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.treatydb.kv.boundary.Entropy;

/** A private key on P-256 and its public key. Never prints. Immutable, thread-safe. */
public final class IdentityKey {

  static final ECNamedDomainParameters P256 =
      new ECNamedDomainParameters(SECObjectIdentifiers.secp256r1, CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1));

  /** So many more random bits than the group's order has make the bias of the remainder negligible (FIPS 186-5, A.2.1). */
  private static final int EXTRA_RANDOM_BYTES = 16;

  private final ECPrivateKeyParameters secret;
  private final SubjectPublicKeyInfo publicKey;

  private IdentityKey(ECPrivateKeyParameters secret) {
    this.secret = secret;
    var point = new FixedPointCombMultiplier().multiply(P256.getG(), secret.getD()).normalize();
    this.publicKey = publicKeyInfo(new ECPublicKeyParameters(point, P256));
  }

  /** A new key. */
  public static IdentityKey create(Entropy entropy) {
    BigInteger random = new BigInteger(1, entropy.bytes(P256.getN().bitLength() / Byte.SIZE + EXTRA_RANDOM_BYTES));
    BigInteger d = random.mod(P256.getN().subtract(BigInteger.ONE)).add(BigInteger.ONE);
    return new IdentityKey(new ECPrivateKeyParameters(d, P256));
  }

  /**
   * The key that {@link #encodeSecret} wrote.
   *
   * @throws IllegalArgumentException if these bytes are no such key
   */
  public static IdentityKey decodeSecret(byte[] encoded) {
    try {
      if (PrivateKeyFactory.createKey(encoded) instanceof ECPrivateKeyParameters key && isOnOurCurve(key)) {
        return new IdentityKey(key);
      }
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("not a private key: " + e.getClass().getSimpleName());
    }
    throw new IllegalArgumentException("not a private key on P-256");
  }

  /** The private key in PKCS #8, to be sealed. */
  public byte[] encodeSecret() {
    try {
      PrivateKeyInfo info = PrivateKeyInfoFactory.createPrivateKeyInfo(secret);
      return info.getEncoded("DER");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The public key (SubjectPublicKeyInfo, DER), for instance to be named in attestation evidence. */
  public byte[] publicKey() {
    return encoded(publicKey);
  }

  /** A request for a certificate (PKCS #10, DER): shows that its sender has the private key, and says nothing more. */
  public byte[] request() {
    try {
      return new PKCS10CertificationRequestBuilder(new X500Name("CN=treaty"), publicKey).build(signer()).getEncoded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The public key (SubjectPublicKeyInfo, DER) that a {@link #request} is for, so that it can be compared with the attested one. */
  public static byte[] requestedKey(byte[] request) throws RefusedRequestException {
    return encoded(requested(request));
  }

  /** The key in a request whose sender has shown to hold its private part. */
  static SubjectPublicKeyInfo requested(byte[] request) throws RefusedRequestException {
    try {
      PKCS10CertificationRequest parsed = new PKCS10CertificationRequest(request);
      SubjectPublicKeyInfo key = parsed.getSubjectPublicKeyInfo();
      if (!(PublicKeyFactory.createKey(key) instanceof ECPublicKeyParameters parameters) || !isOnOurCurve(parameters)) {
        throw new RefusedRequestException("its key is not on P-256");
      }
      if (!Arrays.equals(request, parsed.toASN1Structure().getEncoded("DER"))) {
        throw new RefusedRequestException("it can be written otherwise");
      }
      if (!DeterministicSigner.ALGORITHM.equals(parsed.getSignatureAlgorithm())
          || !DeterministicSigner.verifies(parameters, parsed.toASN1Structure().getCertificationRequestInfo().getEncoded("DER"),
              parsed.getSignature())) {
        throw new RefusedRequestException("its signature is not its key's");
      }
      return publicKeyInfo(parameters);
    } catch (IOException | RuntimeException e) {
      throw new RefusedRequestException("it is malformed");
    }
  }

  boolean isFor(byte[] certifiedKey) {
    return Arrays.equals(certifiedKey, publicKey());
  }

  SubjectPublicKeyInfo publicKeyInfo() {
    return publicKey;
  }

  DeterministicSigner signer() {
    return new DeterministicSigner(secret);
  }

  /** For the JDK's TLS. */
  PrivateKey forTls() {
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encodeSecret()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK does not take a key on P-256", e);
    }
  }

  private static boolean isOnOurCurve(AsymmetricKeyParameter key) {
    return key instanceof ECKeyParameters ec
        && ec.getParameters() instanceof ECNamedDomainParameters named
        && named.getName().equals(SECObjectIdentifiers.secp256r1);
  }

  private static SubjectPublicKeyInfo publicKeyInfo(ECPublicKeyParameters key) {
    try {
      return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] encoded(SubjectPublicKeyInfo key) {
    try {
      return key.getEncoded("DER");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "IdentityKey(not shown)";
  }
}
