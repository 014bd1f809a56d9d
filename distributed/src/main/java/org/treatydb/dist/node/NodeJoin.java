package org.treatydb.dist.node;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.AttestationProvider;
import org.treatydb.dist.channel.EventLoops;
import org.treatydb.dist.enclave.attest.SoftwareAttestation;
import org.treatydb.dist.enclave.cas.JoinedCluster;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.file.KeyFile;

/** How a node joins its cluster, as its configuration says: at its start, and again before its certificate ends. Thread-safe. */
public final class NodeJoin {

  /** Bytes of a boot nonce. */
  public static final int BOOT_NONCE_BYTES = 32;

  private static final Logger LOG = LoggerFactory.getLogger(NodeJoin.class);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final NodeConfiguration configuration;
  private final byte[] authority;
  private final AttestationProvider provider;
  private final EventLoops loops;
  private final Clock clock;
  private final Entropy entropy;

  /**
   * Reads the files that the configuration names, and measures this process.
   *
   * @throws KvException if they cannot be read
   */
  public NodeJoin(NodeConfiguration configuration, EventLoops loops, Clock clock, Entropy entropy) {
    this.configuration = configuration;
    this.authority = TrustAnchor.read(configuration.trustAnchor());
    this.provider = provider(configuration);
    this.loops = loops;
    this.clock = clock;
    this.entropy = entropy;
  }

  private static AttestationProvider provider(NodeConfiguration configuration) {
    SecretKey key = SecretKey.takeOver(KeyFile.read(configuration.softwareKey().orElseThrow(() -> new KvException.InvalidRequest(
        ErrorCode.INVALID_ARGUMENT, "this build has no attestation by '" + configuration.attestation() + "'"))));
    try {
      return new SoftwareAttestation(key, CodeMeasurement.ofThisProcess());
    } finally {
      key.destroy();
    }
  }

  /** The certificate of the cluster's authority (DER), by which peers and the service are known. */
  public byte[] authority() {
    return authority.clone();
  }

  /**
   * Joins; waits for the service as long as it cannot be reached.
   *
   * @param bootNonce {@value #BOOT_NONCE_BYTES} random bytes, the same as long as this process lives
   * @param timeoutNanos how long to wait for the service
   * @throws KvException.Unavailable with JOIN_REFUSED if the service does not let the node in
   * @throws KvException.Retryable with NODE_UNREACHABLE if it could not be reached in time
   */
  public JoinedCluster join(byte[] bootNonce, long timeoutNanos) {
    try (CasChannel channel = new CasChannel(configuration.cas(), authority, Optional.empty(), loops, clock)) {
      return insisting(timeoutNanos, () -> channel.client().join(configuration.node(), authority, bootNonce, provider, entropy));
    }
  }

  /** Says that the node that has joined has a store from now on; waits for the service as {@link #join} does. */
  void tellOfStore(JoinedCluster joined, long timeoutNanos) {
    try (CasChannel channel = channel(joined)) {
      insisting(timeoutNanos, () -> {
        channel.client().tellOfStore();
        return null;
      });
    }
  }

  private <T> T insisting(long timeoutNanos, Supplier<T> question) {
    long deadlineNanos = clock.nanoTime() + timeoutNanos;
    while (true) {
      try {
        return question.get();
      } catch (KvException.Retryable e) {
        if (clock.nanoTime() + PAUSE_NANOS - deadlineNanos >= 0) {
          throw e;
        }
        LOG.warn("The configuration service at {} does not answer yet: {}", configuration.cas(), e.getMessage());
      }
      clock.parkUntil(this, clock.nanoTime() + PAUSE_NANOS);
    }
  }

  /** A channel to the service on which the node that has joined shows its certificate; the caller closes it. */
  public CasChannel channel(JoinedCluster joined) {
    return new CasChannel(configuration.cas(), authority, Optional.of(joined.identity()), loops, clock);
  }
}
