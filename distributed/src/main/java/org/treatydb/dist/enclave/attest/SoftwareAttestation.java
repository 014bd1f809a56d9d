package org.treatydb.dist.enclave.attest;

import java.util.Arrays;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.treatydb.dist.boundary.AttestationProvider;
import org.treatydb.kv.enclave.crypto.SecretKey;

/**
 * Stands in for attestation hardware while one develops: signs what it is told with a key that lies in a file.
 *
 * <p>Guarantees: nothing against whoever can read that file or change the process. Those who have no key do not get past it. Immutable.
 */
public final class SoftwareAttestation implements AttestationProvider {

  /** The provider's name. */
  public static final String NAME = "software";

  /** What everything that shows this provider says. */
  public static final String WARNING =
      "SOFTWARE ATTESTATION: FOR DEVELOPMENT ONLY. Nothing proves which code the nodes run. Whoever has the attestation key, or a node's "
          + "machine, has every key of the cluster.";

  private final Ed25519PrivateKeyParameters key;
  private final Measurement measurement;

  /**
   * Vouches for {@code measurement} with {@code key}.
   *
   * @param key the Ed25519 private key (RFC 8032, 32 bytes); not needed any more when this returns
   */
  public SoftwareAttestation(SecretKey key, Measurement measurement) {
    this.key = privateKey(key);
    this.measurement = measurement;
  }

  /** The public key that belongs to {@code key}: what a policy believes. */
  public static byte[] publicKey(SecretKey key) {
    return privateKey(key).generatePublicKey().getEncoded();
  }

  private static Ed25519PrivateKeyParameters privateKey(SecretKey key) {
    byte[] bytes = key.copyBytes();
    try {
      return new Ed25519PrivateKeyParameters(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte[] evidence(byte[] reportData) {
    if (reportData.length != REPORT_DATA_BYTES) {
      throw new IllegalArgumentException("report data have " + REPORT_DATA_BYTES + " bytes, not " + reportData.length);
    }
    byte[] statement = SoftwareEvidence.statement(measurement, reportData);
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(true, key);
    signer.update(statement, 0, statement.length);
    return new SoftwareEvidence(measurement, reportData, signer.generateSignature()).encode();
  }
}
