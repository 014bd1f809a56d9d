package org.treatydb.dist.enclave.cas;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.attest.EvidenceVerifier.Attested;
import org.treatydb.dist.enclave.attest.RejectedEvidenceException;
import org.treatydb.dist.enclave.attest.SoftwareAttestation;
import org.treatydb.dist.enclave.identity.CertificateAuthority;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.IdentityKey;
import org.treatydb.dist.enclave.identity.RefusedRequestException;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.crypto.SecretKey;

/**
 * The configuration and attestation service.
 *
 * <p>Guarantees: a node's keys and certificate go only to code that an allowed provider has measured as allowed code, that asked for
 * them just now, for that very key, at this service, and is a node of the cluster that is not shut out. A node that joins again makes its
 * earlier certificates void. Not guaranteed: that a node has not been taken over after it joined, and anything at all under software
 * attestation.
 *
 * <p>Thread-safe. A violation of the store's integrity is thrown, to the end of the service.
 */
public final class CasService implements Transport.Handler, CertificateCheck.Revocations {

  private static final Logger LOG = LoggerFactory.getLogger(CasService.class);

  private final KvStore store;
  private final Clock clock;
  private final CasCheck.Choice checks;
  private final ClusterSecrets secrets;
  private final Challenges challenges;

  /**
   * A service on a store in which {@link CasAdministration#create} has made a cluster.
   *
   * @throws org.treatydb.kv.api.KvException.Unavailable if there is none, or another build's
   */
  public CasService(KvStore store, Clock clock, Entropy entropy) {
    this(store, clock, entropy, CasCheck.Choice.ALL);
  }

  CasService(KvStore store, Clock clock, Entropy entropy, CasCheck.Choice checks) {
    this.store = store;
    this.clock = clock;
    this.checks = checks;
    this.secrets = store.run(TransactionOptions.READ_ONLY, transaction -> new CasState(transaction).secrets(entropy, clock));
    this.challenges = new Challenges(clock, entropy, checks);
    boolean software = store.run(TransactionOptions.READ_ONLY, transaction -> new CasState(transaction).policy().believesSoftware());
    if (software) {
      LOG.warn(SoftwareAttestation.WARNING);
    }
  }

  CasCheck.Choice checks() {
    return checks;
  }

  /** The authority that certifies nodes, and this service's own server. */
  public CertificateAuthority authority() {
    return secrets.authority();
  }

  /** Whether a node's certificate is revoked, as of now. */
  @Override
  public boolean isRevoked(int node, BigInteger serial) {
    return configuration().isRevoked(node, serial);
  }

  private ClusterConfiguration configuration() {
    return store.run(TransactionOptions.READ_ONLY, transaction -> new CasState(transaction).configuration());
  }

  @Override
  public byte[] handle(Peer peer, byte[] request) {
    try {
      return answer(peer, CasCodec.decodeRequest(request));
    } catch (MalformedBytesException e) {
      return refuse("somebody", "the request is not in this build's format: " + e.getMessage());
    } catch (RefusedException e) {
      return refuse("node " + peer.node(), e.getMessage());
    }
  }

  private byte[] refuse(String who, String reason) {
    LOG.warn("Refused a request of {}: {}", who, reason);
    return CasCodec.encode(new CasReply.Refused(reason));
  }

  private byte[] answer(Peer peer, CasRequest request) throws RefusedException {
    return switch (request) {
      case CasRequest.Challenge _ -> CasCodec.encode(new CasReply.Nonce(challenges.issue()));
      case CasRequest.Join join -> join(join);
      case CasRequest.News news -> CasCodec.encode(news(peer, news));
      case CasRequest.Publish publish -> CasCodec.encode(publish(peer, publish));
      case CasRequest.HasStore _ -> CasCodec.encode(noteStore(peer));
    };
  }

  private byte[] join(CasRequest.Join join) {
    String name = join.statement().node();
    try {
      challenges.use(join.nonce());
      IdentityKey.requestedKey(join.statement().request());
      Admission admission = store.run(transaction -> admit(new CasState(transaction), join));
      if (admission.refusal().isPresent()) {
        throw new RefusedException(admission.refusal().get());
      }
      return welcome(join, admission);
    } catch (RefusedException | RefusedRequestException e) {
      return refuse("node '" + name + "', which wants to join", e.getMessage());
    }
  }

  /** How a join ended: with a certificate to be made, or a refusal. */
  private record Admission(
      Optional<String> refusal, Member member, IssuedCertificate issued, ClusterConfiguration configuration, ShardMap shardMap,
      boolean hasStore) {

    static Admission refused(String reason) {
      return new Admission(Optional.of(reason), null, null, null, null, false);
    }
  }

  private Admission admit(CasState state, CasRequest.Join join) {
    Attested attested;
    try {
      attested = state.policy().verify(join.provider(), join.evidence(), checks.attestation());
    } catch (RejectedEvidenceException e) {
      return Admission.refused(e.getMessage());
    }
    byte[] expected = join.statement().reportData(join.nonce(), authority().certificate());
    if (checks.own().contains(CasCheck.BINDING) && !MessageDigest.isEqual(expected, attested.reportData())) {
      return Admission.refused("its evidence was made for something else: another nonce, key, node, start, or service");
    }
    ClusterConfiguration configuration = state.configurationForUpdate();
    Optional<Member> member = configuration.member(join.statement().node());
    if (member.isEmpty()) {
      return Admission.refused("the cluster has no node of that name");
    }
    int node = member.get().id();
    if (checks.own().contains(CasCheck.SHUT_OUT) && configuration.isShutOut(node)) {
      return Admission.refused("it has been shut out. 'treaty cas readmit' lets it in again");
    }
    IssuedCertificate issued =
        new IssuedCertificate(state.takeSerial(), join.provider(), attested.measurement(), clock.currentTimeMillis());
    ClusterConfiguration changed = configuration.withRevokedThrough(node, issued.serial() - 1);
    state.setConfiguration(changed);
    state.setIssued(node, issued);
    return new Admission(Optional.empty(), member.get(), issued, changed, state.shardMap(), state.hasStore(node));
  }

  private byte[] welcome(CasRequest.Join join, Admission admission) throws RefusedRequestException {
    int node = admission.member().id();
    IssuedCertificate issued = admission.issued();
    byte[] certificate = authority().issueNode(
        node, issued.serial(), join.statement().request(), issued.measurement().bytes(), join.statement().bootNonce(), issued.provider(),
        CertificateAuthority.NODE_VALIDITY_MILLIS);
    SecretKey root = secrets.nodeRoot(node);
    try {
      byte[] reply = CasCodec.encode(new CasReply.Joined(
          certificate, root, admission.configuration(), admission.shardMap(), admission.hasStore()));
      LOG.info("Node {} ({}) has joined with certificate {}: measurement {}, attested by {}",
          node, admission.member().name(), issued.serial(), issued.measurement(), issued.provider());
      if (issued.provider().equals(SoftwareAttestation.NAME)) {
        LOG.warn(SoftwareAttestation.WARNING);
      }
      return reply;
    } finally {
      root.destroy();
    }
  }

  private CasReply news(Peer peer, CasRequest.News news) throws RefusedException {
    ClusterConfiguration configuration = configuration();
    expectCertified(peer, configuration);
    ShardMap shardMap = store.run(TransactionOptions.READ_ONLY, transaction -> new CasState(transaction).shardMap());
    return new CasReply.News(
        Optional.of(configuration).filter(each -> each.version() > news.configurationVersion()),
        Optional.of(shardMap).filter(each -> each.version() > news.shardMapVersion()));
  }

  private CasReply noteStore(Peer peer) throws RefusedException {
    expectCertified(peer, configuration());
    store.run(transaction -> {
      new CasState(transaction).setHasStore(peer.node());
      return null;
    });
    return new CasReply.Noted();
  }

  private CasReply publish(Peer peer, CasRequest.Publish publish) throws RefusedException {
    ClusterConfiguration configuration = configuration();
    expectCertified(peer, configuration);
    if (publish.shardMap().nodes().stream().anyMatch(node -> configuration.member(node).isEmpty())) {
      throw new RefusedException("the shard map names a node that the cluster does not have");
    }
    ShardMap next = publish.shardMap();
    return store.run(transaction -> {
      CasState state = new CasState(transaction);
      ShardMap present = state.shardMapForUpdate();
      if (next.version() != present.version() + 1) {
        return new CasReply.Published(false, present);
      }
      state.setShardMap(next);
      return new CasReply.Published(true, next);
    });
  }

  private void expectCertified(Peer peer, ClusterConfiguration configuration) throws RefusedException {
    boolean certified = configuration.member(peer.node()).isPresent() && !configuration.isShutOut(peer.node());
    if (!certified && checks.own().contains(CasCheck.CERTIFIED)) {
      throw new RefusedException("that is only for nodes that have joined");
    }
  }
}
