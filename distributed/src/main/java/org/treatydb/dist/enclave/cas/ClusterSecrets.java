package org.treatydb.dist.enclave.cas;

import java.util.Arrays;
import java.util.UUID;
import org.treatydb.dist.enclave.identity.CertificateAuthority;
import org.treatydb.dist.enclave.identity.RootSecret;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.crypto.SecretKey;

/**
 * What only the service knows: the secret from which every node's root key comes, and the cluster's certificate authority. Never prints
 * either. Thread-safe.
 */
final class ClusterSecrets {

  private static final int VERSION = 1;
  private static final int AUTHORITY_BYTES_MAX = 16 << 10;

  private final UUID cluster;
  private final RootSecret root;
  private final CertificateAuthority authority;

  private ClusterSecrets(UUID cluster, RootSecret root, CertificateAuthority authority) {
    this.cluster = cluster;
    this.root = root;
    this.authority = authority;
  }

  static ClusterSecrets create(UUID cluster, Entropy entropy, Clock clock) {
    return new ClusterSecrets(
        cluster, RootSecret.create(entropy), CertificateAuthority.create(entropy, clock));
  }

  CertificateAuthority authority() {
    return authority;
  }

  /** A node's root key, always the same. */
  SecretKey nodeRoot(int node) {
    return root.nodeRoot(cluster, node);
  }

  void destroy() {
    root.destroy();
  }

  /** Version byte, cluster (16 bytes), root secret (32), authority; to be sealed, and then wiped. */
  byte[] encode() {
    byte[] secret = root.copyBytes();
    byte[] encodedAuthority = authority.encodeSecret();
    try {
      return new ByteWriter(encodedAuthority.length + 64).u8(VERSION)
          .i64(cluster.getMostSignificantBits()).i64(cluster.getLeastSignificantBits()).raw(secret).bytes(encodedAuthority).toByteArray();
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(encodedAuthority, (byte) 0);
    }
  }

  /** Fails with {@link MalformedBytesException} if these bytes are no such secrets. */
  static ClusterSecrets decode(byte[] bytes, Entropy entropy, Clock clock) {
    ByteReader in = new ByteReader(bytes);
    in.version(VERSION);
    UUID cluster = new UUID(in.i64(), in.i64());
    byte[] secret = in.raw(RootSecret.BYTES);
    byte[] authority = in.bytes(AUTHORITY_BYTES_MAX);
    in.expectEnd();
    try {
      return new ClusterSecrets(cluster, RootSecret.takeOver(secret), CertificateAuthority.decodeSecret(authority, entropy, clock));
    } finally {
      Arrays.fill(authority, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return "ClusterSecrets(not shown)";
  }
}
