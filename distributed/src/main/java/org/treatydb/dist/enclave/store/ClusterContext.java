package org.treatydb.dist.enclave.store;

import java.util.function.Supplier;
import org.treatydb.dist.enclave.branch.BranchOwner;
import org.treatydb.dist.enclave.clock.ClusterClock;
import org.treatydb.dist.enclave.commit.Coordinator;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.enclave.lifecycle.AbstractTransaction;
import org.treatydb.kv.enclave.writes.WriteBudget;

/** What all transactions that a node coordinates share. */
record ClusterContext(
    Coordinator coordinator, ClusterClock clock, Supplier<ShardMap> shards, WriteBudget budget, OpenSequences sequences,
    BranchOwner.Surroundings branches, AbstractTransaction.Surroundings surroundings) {}
