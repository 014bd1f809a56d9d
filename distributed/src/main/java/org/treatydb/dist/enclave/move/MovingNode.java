package org.treatydb.dist.enclave.move;

import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.commit.DecisionLog;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.dist.enclave.shard.OwnRanges;
import org.treatydb.dist.enclave.shard.ShardMaps;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.enclave.txn.ParticipantStore;

/**
 * A node between whose store and others' ranges move.
 *
 * @param others the other nodes' numbers
 */
public record MovingNode(
    int node, List<Integer> others, ParticipantStore store, DecisionLog decisions, OwnRanges ranges, ShardMaps maps, Transport transport,
    Clock clock, ThreadFactory threads) {

  /** What another node answers; throws what it throws. */
  MoveReply ask(int other, MoveRequest request, long timeoutNanos) {
    MoveReply reply = MoveCodec.decodeReply(Service.MOVES.call(transport, other, MoveCodec.encode(request), timeoutNanos));
    if (reply instanceof MoveReply.Failed failed) {
      throw failed.failure() instanceof KvException.IntegrityViolation violation
          ? new KvException.Unavailable(violation.code(), "node " + other + " has fenced itself: " + violation.finding(), violation)
          : failed.failure();
    }
    return reply;
  }

  void pause(Object blocker, long nanos) {
    clock.parkUntil(blocker, clock.nanoTime() + nanos);
  }
}
