package org.treatydb.dist.enclave.cas;

import java.util.Optional;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.enclave.crypto.SecretKey;

/** What the service answers. Immutable; arrays are not to be changed. */
sealed interface CasReply {

  /** A nonce for a {@link CasRequest.Join}. */
  record Nonce(byte[] nonce) implements CasReply {}

  /**
   * The node is let in.
   *
   * @param certificate the node's, X.509 in DER
   * @param root the key from which the node derives the keys of its store
   * @param hasStore whether the node has said, once, that it {@linkplain CasRequest.HasStore has a store}
   */
  record Joined(byte[] certificate, SecretKey root, ClusterConfiguration configuration, ShardMap shardMap, boolean hasStore)
      implements CasReply {}

  /** What is newer than what was named. */
  record News(Optional<ClusterConfiguration> configuration, Optional<ShardMap> shardMap) implements CasReply {}

  /**
   * The shard map as it is now.
   *
   * @param replaced whether by this request
   */
  record Published(boolean replaced, ShardMap shardMap) implements CasReply {}

  /** Noted. */
  record Noted() implements CasReply {}

  /** The request was refused. */
  record Refused(String reason) implements CasReply {}
}
