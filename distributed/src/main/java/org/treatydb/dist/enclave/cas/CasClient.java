package org.treatydb.dist.enclave.cas;

import java.security.cert.CertificateException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.AttestationProvider;
import org.treatydb.dist.enclave.attest.SoftwareAttestation;
import org.treatydb.dist.enclave.identity.IdentityKey;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/** A node's way to the configuration and attestation service. Thread-safe, if its connection is. */
public final class CasClient {

  private static final Logger LOG = LoggerFactory.getLogger(CasClient.class);

  /**
   * A connection to a server that has proved, with a certificate of the authority that the node's trust anchor names, to be the service; it
   * keeps what passes secret and unchanged.
   */
  @FunctionalInterface
  public interface Connection {

    /**
     * The reply to {@code request}.
     *
     * @throws KvException.Retryable with NODE_UNREACHABLE if there is none
     */
    byte[] call(byte[] request);
  }

  private final Connection connection;

  public CasClient(Connection connection) {
    this.connection = connection;
  }

  /**
   * Joins the cluster, with a new key.
   *
   * @param node the node's name
   * @param authority the trust anchor: the certificate of the cluster's authority (DER), which the connection has pinned
   * @param bootNonce random, 32 bytes, new at each start of the node
   * @throws KvException.Unavailable with JOIN_REFUSED and the reason if the service does not let the node in
   * @throws KvException.Retryable with NODE_UNREACHABLE if it cannot be reached
   */
  public JoinedCluster join(String node, byte[] authority, byte[] bootNonce, AttestationProvider provider, Entropy entropy) {
    if (provider.name().equals(SoftwareAttestation.NAME)) {
      LOG.warn(SoftwareAttestation.WARNING);
    }
    byte[] nonce = ask(new CasRequest.Challenge(), CasReply.Nonce.class).nonce();
    IdentityKey key = IdentityKey.create(entropy);
    JoinStatement statement = new JoinStatement(node, key.request(), bootNonce);
    byte[] evidence = provider.evidence(statement.reportData(nonce, authority));
    CasReply.Joined joined = ask(new CasRequest.Join(nonce, statement, provider.name(), evidence), CasReply.Joined.class);
    Member member = joined.configuration().member(node).orElseThrow(() -> refused("it lets in a node that is not '" + node + "'", null));
    try {
      NodeIdentity identity = NodeIdentity.of(key, joined.certificate(), authority);
      if (identity.node() != member.id()) {
        throw refused("its certificate is for node " + identity.node() + ", not for " + member.id(), null);
      }
      return new JoinedCluster(member, identity, joined.root(), joined.configuration(), joined.shardMap(), !joined.hasStore());
    } catch (CertificateException e) {
      joined.root().destroy();
      throw refused("its certificate is not good: " + e.getMessage(), e);
    }
  }

  /**
   * Says, over a connection on which the node has shown its certificate, that the node has a store from now on: what it has lost its
   * counters of is never again taken for new.
   *
   * @throws KvException.Unavailable with JOIN_REFUSED if the node has been shut out
   * @throws KvException.Retryable with NODE_UNREACHABLE if the service cannot be reached
   */
  public void tellOfStore() {
    ask(new CasRequest.HasStore(), CasReply.Noted.class);
  }

  /**
   * What is newer than what a node has.
   *
   * @param configuration empty if the node has the newest
   * @param shardMap empty if the node has the newest
   */
  public record News(Optional<ClusterConfiguration> configuration, Optional<ShardMap> shardMap) {}

  /**
   * Asks, over a connection on which the node has shown its certificate, for what is newer than these versions.
   *
   * @throws KvException.Unavailable with JOIN_REFUSED if the node has been shut out
   * @throws KvException.Retryable with NODE_UNREACHABLE if the service cannot be reached
   */
  public News news(long configurationVersion, long shardMapVersion) {
    CasReply.News news = ask(new CasRequest.News(configurationVersion, shardMapVersion), CasReply.News.class);
    return new News(news.configuration(), news.shardMap());
  }

  /**
   * What became of a shard map.
   *
   * @param replaced whether the map is the one that was published; if not, another came first
   * @param shardMap as it is now
   */
  public record Publication(boolean replaced, ShardMap shardMap) {}

  /**
   * Replaces the shard map of the version before, over a connection on which the node has shown its certificate.
   *
   * @throws KvException.InvalidRequest if the map is too long
   * @throws KvException.Unavailable with JOIN_REFUSED if the node has been shut out
   * @throws KvException.Retryable with NODE_UNREACHABLE if the service does not answer: it may have replaced the map
   */
  public Publication publish(ShardMap shardMap) {
    int bytes = ConfigurationCodec.encode(shardMap).length;
    if (bytes > ConfigurationCodec.SHARD_MAP_BYTES_MAX) {
      throw new KvException.InvalidRequest(
          ErrorCode.LIMIT_EXCEEDED,
          "a shard map has at most " + ConfigurationCodec.SHARD_MAP_BYTES_MAX + " bytes, not " + bytes);
    }
    CasReply.Published published = ask(new CasRequest.Publish(shardMap), CasReply.Published.class);
    return new Publication(published.replaced(), published.shardMap());
  }

  private <T extends CasReply> T ask(CasRequest request, Class<T> expected) {
    CasReply reply;
    try {
      reply = CasCodec.decodeReply(connection.call(CasCodec.encode(request)));
    } catch (MalformedBytesException e) {
      throw refused("its reply is not in this build's format: " + e.getMessage(), e);
    }
    if (reply instanceof CasReply.Refused refusal) {
      throw refused(refusal.reason(), null);
    }
    if (!expected.isInstance(reply)) {
      throw refused("it answers something else", null);
    }
    return expected.cast(reply);
  }

  private static KvException refused(String reason, Throwable cause) {
    return new KvException.Unavailable(ErrorCode.JOIN_REFUSED, "the configuration service does not let this node in: " + reason, cause);
  }
}
