package org.treatydb.dist.enclave.cas;

import java.util.Arrays;
import java.util.List;
import org.treatydb.dist.boundary.AttestationProvider;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.enclave.attest.AttestationPolicy;
import org.treatydb.dist.enclave.attest.Measurement;
import org.treatydb.dist.enclave.attest.SoftwareAttestation;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.system.SystemEntropy;

/** A service of three nodes for tests, without a network: requests go to it as they are. */
final class Cas {

  static final Entropy ENTROPY = new SystemEntropy();
  static final Measurement ALLOWED = new Measurement(filled(32, 1));
  static final Measurement FORBIDDEN = new Measurement(filled(32, 2));
  static final AttestationPolicy POLICY =
      AttestationPolicy.EMPTY.believingSoftware(SoftwareAttestation.publicKey(attestationKey(7))).allowing(ALLOWED);
  static final List<Member> MEMBERS = List.of(member(1, "alpha"), member(2, "beta"), member(5, "gamma"));

  final ShiftedClock clock = new ShiftedClock();
  final KvStore store;
  final CasAdministration administration;
  CasService service;

  /** A service on {@code store}, in which a cluster is made if there is none. */
  Cas(KvStore store, AttestationPolicy policy, CasCheck.Choice checks) {
    this.store = store;
    if (!store.run(transaction -> new CasState(transaction).exists())) {
      CasAdministration.create(store, MEMBERS, 4, policy, ENTROPY, clock);
    }
    this.administration = new CasAdministration(store);
    this.service = new CasService(store, clock, ENTROPY, checks);
  }

  Cas(KvStore store) {
    this(store, POLICY, CasCheck.Choice.ALL);
  }

  static Member member(int id, String name) {
    return new Member(id, name, new Endpoint("127.0.0.1", 7100 + id), new Endpoint("127.0.0.1", 7200 + id));
  }

  static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  static SecretKey attestationKey(int value) {
    return SecretKey.takeOver(filled(SecretKey.BYTES, value));
  }

  /** What attests a node whose code is allowed. */
  static AttestationProvider genuine() {
    return new SoftwareAttestation(attestationKey(7), ALLOWED);
  }

  byte[] authority() {
    return service.authority().certificate();
  }

  CasReply ask(int peer, CasRequest request) {
    return CasCodec.decodeReply(service.handle(new Peer(peer), CasCodec.encode(request)));
  }

  CasClient client(int peer) {
    return new CasClient(request -> service.handle(new Peer(peer), request));
  }

  JoinedCluster join(String node) {
    return client(Peer.ANONYMOUS).join(node, authority(), ENTROPY.bytes(JoinStatement.BOOT_NONCE_BYTES), genuine(), ENTROPY);
  }
}
