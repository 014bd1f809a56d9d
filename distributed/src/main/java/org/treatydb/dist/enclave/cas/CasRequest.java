package org.treatydb.dist.enclave.cas;

import org.treatydb.dist.enclave.shard.ShardMap;

/** What a node asks the service. Immutable; arrays are not to be changed. */
sealed interface CasRequest {

  /** Asks for a nonce. */
  record Challenge() implements CasRequest {}

  /**
   * Asks to be let in. The evidence's report data are {@link JoinStatement#reportData} of the rest.
   *
   * @param nonce the one the service gave
   * @param statement who asks
   * @param provider which attestation provider made the evidence
   */
  record Join(byte[] nonce, JoinStatement statement, String provider, byte[] evidence) implements CasRequest {}

  /** A node asks for what is newer than what it has. */
  record News(long configurationVersion, long shardMapVersion) implements CasRequest {}

  /** A node has a store, from now on: if its counters are forgotten, that is not because it is new. */
  record HasStore() implements CasRequest {}

  /** A node replaces the shard map, if that is of the version before still. */
  record Publish(ShardMap shardMap) implements CasRequest {}
}
