package org.treatydb.dist.simulation;

import java.security.cert.CertificateException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.treatydb.dist.enclave.identity.CertificateAuthority;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.IdentityKey;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.dist.enclave.identity.RefusedRequestException;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.host.system.SystemClock;

/**
 * Certificates that can be shown in the simulated world, from real authorities, and what the real check says to each. They are made once,
 * and shared by all runs; nothing in a run depends on their bytes.
 */
final class SimulatedIdentities {

  /** Whose certificate it is. */
  enum Kind {
    /** A node's present one. */
    VALID,
    /** One that the node had before, which is revoked and whose key has leaked. */
    STALE,
    /** One for the same node, by the authority of another cluster. */
    FOREIGN
  }

  private record Shown(Kind kind, int node) {}

  private static final long STALE_FROM = 1000;
  private static final long VALIDITY_MILLIS = 3_600_000;
  private static final Map<Shown, OptionalInt> CHECKED = checked(true);
  private static final Map<Shown, OptionalInt> CHECKED_WITHOUT_REVOCATIONS = checked(false);

  private SimulatedIdentities() {}

  private static Map<Shown, OptionalInt> checked(boolean revocations) {
    Random random = new Random(1);
    Entropy entropy = length -> {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    };
    SystemClock clock = new SystemClock();
    CertificateAuthority own = CertificateAuthority.create(entropy, clock);
    CertificateAuthority foreign = CertificateAuthority.create(entropy, clock);
    CertificateCheck check =
        CertificateCheck.pinned(own.certificate(), clock, (_, serial) -> revocations && serial.longValueExact() >= STALE_FROM);
    Map<Shown, OptionalInt> results = new HashMap<>();
    for (int node = 1; node <= SimulatedCluster.SIZE; node++) {
      for (Kind kind : Kind.values()) {
        long serial = kind == Kind.STALE ? STALE_FROM + node : node;
        results.put(new Shown(kind, node), result(check, identity(node, serial, kind == Kind.FOREIGN ? foreign : own, entropy)));
      }
    }
    return results;
  }

  private static NodeIdentity identity(int node, long serial, CertificateAuthority authority, Entropy entropy) {
    IdentityKey key = IdentityKey.create(entropy);
    try {
      byte[] certificate =
          authority.issueNode(node, serial, key.request(), new byte[32], new byte[16], "software", VALIDITY_MILLIS);
      return NodeIdentity.of(key, certificate, authority.certificate());
    } catch (RefusedRequestException | CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private static OptionalInt result(CertificateCheck check, NodeIdentity shown) {
    try {
      return OptionalInt.of(check.checkNode(shown.certificate()).node());
    } catch (CertificateException e) {
      return OptionalInt.empty();
    }
  }

  /** Whom a node that called {@code called} takes for the one who answers with that certificate of {@code node}; empty if it refuses. */
  static OptionalInt check(Control control, int called, Kind kind, int node) {
    if (control == Control.CERTIFICATES_UNCHECKED) {
      return OptionalInt.of(called);
    }
    Map<Shown, OptionalInt> results = control == Control.NO_REVOCATIONS ? CHECKED_WITHOUT_REVOCATIONS : CHECKED;
    OptionalInt shown = results.get(new Shown(kind, node));
    boolean isCalled = shown.isPresent() && shown.getAsInt() == called;
    return isCalled || control == Control.ANY_NODE_ANSWERS ? shown : OptionalInt.empty();
  }
}
