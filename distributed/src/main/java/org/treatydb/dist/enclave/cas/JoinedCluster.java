package org.treatydb.dist.enclave.cas;

import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.enclave.crypto.SecretKey;

/**
 * What a node has from the service.
 *
 * @param member what it is called and where it serves
 * @param identity its key and certificate; a new one is to be had, by joining again, before it ends
 * @param root the key from which it derives those of its store, the same at every start; to be destroyed when that is done
 * @param configuration of the cluster
 * @param shardMap of the cluster
 * @param isNew whether the node has never said that it has a store
 */
public record JoinedCluster(
    Member member, NodeIdentity identity, SecretKey root, ClusterConfiguration configuration, ShardMap shardMap,
    boolean isNew) {}
