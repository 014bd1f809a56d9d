package org.treatydb.dist.enclave.attest;

import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/** Verifies the software provider's evidence against one public key. Immutable. */
final class SoftwareVerifier implements EvidenceVerifier {

  private final byte[] publicKey;
  private final boolean checksSignature;

  SoftwareVerifier(byte[] publicKey, boolean checksSignature) {
    this.publicKey = publicKey;
    this.checksSignature = checksSignature;
  }

  @Override
  public Attested verify(byte[] evidence) throws RejectedEvidenceException {
    SoftwareEvidence decoded;
    try {
      decoded = SoftwareEvidence.decode(evidence);
    } catch (MalformedBytesException e) {
      throw new RejectedEvidenceException("its evidence is not in the software provider's format: " + e.getMessage());
    }
    if (checksSignature && !isSigned(decoded)) {
      throw new RejectedEvidenceException("its evidence is not signed with the key that this cluster believes");
    }
    return new Attested(decoded.measurement(), decoded.reportData());
  }

  private boolean isSigned(SoftwareEvidence evidence) {
    byte[] statement = SoftwareEvidence.statement(evidence.measurement(), evidence.reportData());
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(false, new Ed25519PublicKeyParameters(publicKey));
    signer.update(statement, 0, statement.length);
    return signer.verifySignature(evidence.signature());
  }
}
