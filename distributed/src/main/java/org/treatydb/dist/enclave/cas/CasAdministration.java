package org.treatydb.dist.enclave.cas;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.enclave.attest.AttestationPolicy;
import org.treatydb.dist.enclave.attest.Measurement;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;

/** What the operator of the configuration service does with its store, whether the service runs on it or not. Thread-safe. */
public final class CasAdministration {

  private static final Logger LOG = LoggerFactory.getLogger(CasAdministration.class);
  private static final int UUID_BYTES = 16;

  private final KvStore store;

  public CasAdministration(KvStore store) {
    this.store = store;
  }

  /**
   * What the service knows, secrets left out.
   *
   * @param issued for a node's id, the last certificate it was given
   */
  public record Summary(
      AttestationPolicy policy, ClusterConfiguration configuration, ShardMap shardMap, Map<Integer, IssuedCertificate> issued) {}

  /**
   * Makes a cluster in an empty store.
   *
   * @param shardsPerNode how many ranges of keys each node gets at first
   * @return the certificate of the cluster's authority (DER), its trust anchor
   * @throws KvException.InvalidRequest if there is one already, the members contradict each other, or there are too many shards
   */
  public static byte[] create(
      KvStore store, List<Member> members, int shardsPerNode, AttestationPolicy policy, Entropy entropy, Clock clock) {
    ByteBuffer random = ByteBuffer.wrap(entropy.bytes(UUID_BYTES));
    UUID cluster = new UUID(random.getLong(), random.getLong());
    ClusterConfiguration configuration = new ClusterConfiguration(cluster, 1, members, Map.of());
    ShardMap shardMap = firstShardMap(members, shardsPerNode);
    ClusterSecrets secrets = ClusterSecrets.create(cluster, entropy, clock);
    try {
      return store.run(transaction -> {
        CasState state = new CasState(transaction);
        if (state.exists()) {
          throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "there is a cluster in this store already");
        }
        state.setSecrets(secrets);
        state.setPolicy(policy);
        state.setConfiguration(configuration);
        state.setShardMap(shardMap);
        return secrets.authority().certificate();
      });
    } finally {
      secrets.destroy();
    }
  }

  private static ShardMap firstShardMap(List<Member> members, int shardsPerNode) {
    long shards = (long) members.size() * shardsPerNode;
    if (shards < 1 || shards > ShardMap.SHARDS_MAX) {
      throw new KvException.InvalidRequest(
          ErrorCode.INVALID_ARGUMENT, "a cluster has from 1 to " + ShardMap.SHARDS_MAX + " shards, not " + shards);
    }
    return ShardMap.dealtOut(members.stream().map(Member::id).toList(), shardsPerNode);
  }

  /** Lets code with this measurement join from now on. */
  public void allow(Measurement measurement) {
    changePolicy(policy -> policy.allowing(measurement));
    LOG.info("Code with measurement {} may join from now on", measurement);
  }

  /** Lets no code with this measurement join from now on. Nodes that have joined stay; see {@link #revoke}. */
  public void forbid(Measurement measurement) {
    changePolicy(policy -> policy.forbidding(measurement));
    LOG.info("Code with measurement {} may not join from now on", measurement);
  }

  private void changePolicy(UnaryOperator<AttestationPolicy> change) {
    store.run(transaction -> {
      CasState state = new CasState(transaction);
      state.setPolicy(change.apply(state.policy()));
      return null;
    });
  }

  /**
   * Shuts a node out: its certificates are revoked, and it can join no more until it is {@linkplain #readmit readmitted}.
   *
   * @return the node
   * @throws KvException.InvalidRequest if there is no node of that name
   */
  public Member revoke(String node) {
    Member revoked = change(node, (state, member) -> Long.MAX_VALUE);
    LOG.warn("Node {} is shut out from now on", node);
    return revoked;
  }

  /**
   * Lets a node that was shut out join again; the certificates it had stay revoked.
   *
   * @return the node
   * @throws KvException.InvalidRequest if there is no node of that name
   */
  public Member readmit(String node) {
    Member readmitted = change(node, (state, member) -> state.issued(member.id()).map(IssuedCertificate::serial).orElse(0L));
    LOG.info("Node {} may join again from now on", node);
    return readmitted;
  }

  /** Through which serial number a node's certificates are to be revoked. */
  @FunctionalInterface
  private interface Revocation {
    long through(CasState state, Member member);
  }

  private Member change(String node, Revocation revocation) {
    return store.run(transaction -> {
      CasState state = new CasState(transaction);
      ClusterConfiguration configuration = state.configurationForUpdate();
      Member member = configuration.member(node).orElseThrow(() -> new KvException.InvalidRequest(
          ErrorCode.INVALID_ARGUMENT, "the cluster has no node called '" + node + "'"));
      state.setConfiguration(configuration.withRevokedThrough(member.id(), revocation.through(state, member)));
      return member;
    });
  }

  /** What the service knows now. */
  public Summary summary() {
    return store.run(TransactionOptions.READ_ONLY, transaction -> {
      CasState state = new CasState(transaction);
      ClusterConfiguration configuration = state.configuration();
      Map<Integer, IssuedCertificate> issued = new TreeMap<>();
      configuration.members().forEach(member -> state.issued(member.id()).ifPresent(last -> issued.put(member.id(), last)));
      return new Summary(state.policy(), configuration, state.shardMap(), issued);
    });
  }
}
