package org.treatydb.dist.enclave.attest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.treatydb.dist.enclave.attest.EvidenceVerifier.Attested;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/**
 * What an operator lets into the cluster. Immutable.
 *
 * @param measurements the code that may join
 * @param providers the providers that are believed, by name, each with the root of its trust: the software provider's is a public key
 */
public record AttestationPolicy(Set<Measurement> measurements, Map<String, byte[]> providers) {

  /** Nobody may join. */
  public static final AttestationPolicy EMPTY = new AttestationPolicy(Set.of(), Map.of());

  private static final int VERSION = 1;
  private static final int MEASUREMENTS_MAX = 1024;
  private static final int PROVIDERS_MAX = 16;
  private static final int ROOT_BYTES_MAX = 64 << 10;

  public AttestationPolicy {
    measurements = Set.copyOf(measurements);
    providers = Map.copyOf(providers);
  }

  /** This policy, and {@code measurement} may join, too. */
  public AttestationPolicy allowing(Measurement measurement) {
    Set<Measurement> more = new HashSet<>(measurements);
    more.add(measurement);
    return new AttestationPolicy(more, providers);
  }

  /** This policy, but {@code measurement} may not join. */
  public AttestationPolicy forbidding(Measurement measurement) {
    Set<Measurement> fewer = new HashSet<>(measurements);
    fewer.remove(measurement);
    return new AttestationPolicy(fewer, providers);
  }

  /**
   * This policy, and software attestation is believed: anyone who has the private key of {@code publicKey} can pass for any code.
   *
   * @param publicKey as {@link SoftwareAttestation#publicKey} gives it
   */
  public AttestationPolicy believingSoftware(byte[] publicKey) {
    Map<String, byte[]> more = new HashMap<>(providers);
    more.put(SoftwareAttestation.NAME, publicKey.clone());
    return new AttestationPolicy(measurements, more);
  }

  /** Whether evidence of the software provider is believed, so that there is no protection. */
  public boolean believesSoftware() {
    return providers.containsKey(SoftwareAttestation.NAME);
  }

  /**
   * Verifies evidence and holds it against this policy.
   *
   * @param checks which checks to make: all, outside of tests
   * @throws RejectedEvidenceException if it does not pass
   */
  public Attested verify(String provider, byte[] evidence, Set<AttestationCheck> checks) throws RejectedEvidenceException {
    Attested attested = verifier(provider, checks).verify(evidence);
    if (checks.contains(AttestationCheck.MEASUREMENT) && !measurements.contains(attested.measurement())) {
      throw new RejectedEvidenceException("its code is not allowed: measurement " + attested.measurement());
    }
    return attested;
  }

  /** Where the providers come together: a further one is a further case. */
  private EvidenceVerifier verifier(String provider, Set<AttestationCheck> checks) throws RejectedEvidenceException {
    byte[] root = providers.get(provider);
    if (root == null && checks.contains(AttestationCheck.PROVIDER)) {
      throw new RejectedEvidenceException("attestation by '" + provider + "' is not allowed here");
    }
    if (!provider.equals(SoftwareAttestation.NAME)) {
      throw new RejectedEvidenceException("this build cannot verify attestation by '" + provider + "'");
    }
    return new SoftwareVerifier(root, root != null && checks.contains(AttestationCheck.SIGNATURE));
  }

  /** The policy's bytes: version, measurements, providers. */
  public byte[] encode() {
    ByteWriter out = new ByteWriter(256).u8(VERSION).varint(measurements.size());
    List<Measurement> sorted = new ArrayList<>(measurements);
    sorted.sort(Comparator.comparing(Measurement::toString));
    sorted.forEach(measurement -> out.bytes(measurement.bytes()));
    out.varint(providers.size());
    providers.keySet().stream().sorted().forEach(name -> ProviderName.encode(name, out).bytes(providers.get(name)));
    return out.toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedBytesException if these bytes are no policy
   */
  public static AttestationPolicy decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(VERSION);
    Set<Measurement> measurements = new HashSet<>();
    for (int left = in.varint(MEASUREMENTS_MAX); left > 0; left--) {
      measurements.add(Measurement.decode(in));
    }
    Map<String, byte[]> providers = new HashMap<>();
    for (int left = in.varint(PROVIDERS_MAX); left > 0; left--) {
      providers.put(ProviderName.decode(in), in.bytes(ROOT_BYTES_MAX));
    }
    in.expectEnd();
    return new AttestationPolicy(measurements, providers);
  }
}
