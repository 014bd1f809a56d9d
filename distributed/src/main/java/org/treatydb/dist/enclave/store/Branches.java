package org.treatydb.dist.enclave.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.treatydb.dist.enclave.branch.BranchCall;
import org.treatydb.dist.enclave.branch.BranchOwner;
import org.treatydb.dist.enclave.branch.BranchReply;
import org.treatydb.dist.enclave.branch.BranchRequest;
import org.treatydb.dist.enclave.branch.RemoteBranch;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.wal.WalRecord;

/** The branches of one transaction: sends what is asked for to where the keys are. Used by the transaction's thread. */
final class Branches implements BranchOwner {

  private final ClusterContext context;
  private final TransactionId transaction;
  private final BranchCall.Mode mode;
  private final long timestamp;
  private final long lockTimeoutNanos;
  /** One map for the whole transaction: if it is stale, participants say so. */
  private final ShardMap shards;
  private final Map<Integer, RemoteBranch> branches = new TreeMap<>();
  private int cursors;

  /** {@code timestamp}: at which the branches read, unless they lock. */
  Branches(ClusterContext context, TransactionId transaction, BranchCall.Mode mode, long timestamp, long lockTimeoutNanos) {
    this.context = context;
    this.transaction = transaction;
    this.mode = mode;
    this.timestamp = timestamp;
    this.lockTimeoutNanos = lockTimeoutNanos;
    this.shards = context.shards().get();
  }

  @Override
  public Surroundings surroundings() {
    return context.branches();
  }

  @Override
  public BranchCall call(long number, boolean repeated, BranchRequest request) {
    return new BranchCall(
        transaction, number, repeated, context.sequences().oldest(), context.branches().ownClock().now(), mode, timestamp, lockTimeoutNanos,
        request);
  }

  @Override
  public long lockTimeoutNanos() {
    return lockTimeoutNanos;
  }

  RemoteBranch branch(int node) {
    return branches.computeIfAbsent(node, each -> new RemoteBranch(each, this));
  }

  /** The branches there are. */
  Map<Integer, RemoteBranch> all() {
    return branches;
  }

  byte[] get(byte[] key, boolean forUpdate) {
    return values(branch(shards.nodeOf(key)).call(new BranchRequest.Get(key, forUpdate))).getFirst();
  }

  List<byte[]> multiGet(List<byte[]> keys) {
    Map<Integer, List<byte[]>> byNode = new LinkedHashMap<>();
    keys.forEach(key -> byNode.computeIfAbsent(shards.nodeOf(key), _ -> new ArrayList<>()).add(key));
    Map<Integer, Integer> taken = new HashMap<>();
    Map<Integer, List<byte[]>> read = new HashMap<>();
    byNode.forEach((node, there) -> read.put(node, values(branch(node).call(new BranchRequest.MultiGet(there)))));
    return keys.stream().map(key -> {
      int node = shards.nodeOf(key);
      return read.get(node).get(taken.merge(node, 1, Integer::sum) - 1);
    }).toList();
  }

  private static List<byte[]> values(BranchReply reply) {
    return ((BranchReply.Values) reply).values();
  }

  ClusterScan scan(KeyRange range, ScanOptions options) {
    List<ShardMap.Piece> pieces = shards.pieces(range);
    return new ClusterScan(options.reverse() ? pieces.reversed() : pieces, options, this::branch, () -> ++cursors);
  }

  /** {@code writes} by the node they go to; each such node has a branch from now on. */
  Map<Integer, List<WalRecord.Write>> place(List<WalRecord.Write> writes) {
    Map<Integer, List<WalRecord.Write>> placed = new TreeMap<>();
    writes.forEach(write -> placed.computeIfAbsent(shards.nodeOf(write.key()), _ -> new ArrayList<>()).add(write));
    placed.keySet().forEach(this::branch);
    return placed;
  }
}
