package org.treatydb.dist.enclave.identity;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.enclave.crypto.SecretKey;

/** The secret of a cluster from which every node's root key is derived. Never prints. Thread-safe. */
public final class RootSecret {

  public static final int BYTES = SecretKey.BYTES;

  private final SecretKey secret;

  private RootSecret(SecretKey secret) {
    this.secret = secret;
  }

  /** A new one. */
  public static RootSecret create(Entropy entropy) {
    return takeOver(entropy.bytes(BYTES));
  }

  /** Takes the bytes over: the array given is wiped. */
  public static RootSecret takeOver(byte[] bytes) {
    return new RootSecret(SecretKey.takeOver(bytes));
  }

  /** A node's root key, always the same, by HKDF-SHA256 (RFC 5869). */
  public SecretKey nodeRoot(UUID cluster, int node) {
    byte[] from = copyBytes();
    byte[] key = new byte[SecretKey.BYTES];
    try {
      HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
      byte[] info = ("treaty/1/cluster/" + cluster + "/node/" + node).getBytes(StandardCharsets.US_ASCII);
      hkdf.init(new HKDFParameters(from, null, info));
      hkdf.generateBytes(key, 0, key.length);
      return SecretKey.takeOver(key);
    } finally {
      Arrays.fill(from, (byte) 0);
    }
  }

  /** A copy of the secret, to be sealed; the caller wipes it. */
  public byte[] copyBytes() {
    return secret.copyBytes();
  }

  public void destroy() {
    secret.destroy();
  }

  @Override
  public String toString() {
    return "RootSecret(not shown)";
  }
}
