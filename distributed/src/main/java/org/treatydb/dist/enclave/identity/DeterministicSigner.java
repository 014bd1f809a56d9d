package org.treatydb.dist.enclave.identity;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.operator.ContentSigner;

/** ECDSA over SHA-256 whose nonce comes from key and message (RFC 6979): needs no randomness, so none can be bad. One use. */
final class DeterministicSigner implements ContentSigner {

  static final AlgorithmIdentifier ALGORITHM = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

  private final ECPrivateKeyParameters key;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();

  DeterministicSigner(ECPrivateKeyParameters key) {
    this.key = key;
  }

  static boolean verifies(ECPublicKeyParameters key, byte[] content, byte[] signature) {
    DSADigestSigner verifier = digestSigner();
    verifier.init(false, key);
    verifier.update(content, 0, content.length);
    return verifier.verifySignature(signature);
  }

  private static DSADigestSigner digestSigner() {
    return new DSADigestSigner(new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest())), new SHA256Digest());
  }

  @Override
  public AlgorithmIdentifier getAlgorithmIdentifier() {
    return ALGORITHM;
  }

  @Override
  public OutputStream getOutputStream() {
    return content;
  }

  @Override
  public byte[] getSignature() {
    DSADigestSigner signer = digestSigner();
    signer.init(true, key);
    signer.update(content.toByteArray(), 0, content.size());
    return signer.generateSignature();
  }
}
