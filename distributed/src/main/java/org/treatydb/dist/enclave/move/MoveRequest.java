package org.treatydb.dist.enclave.move;

import java.util.List;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;

/** What nodes ask each other about ranges that move. Immutable; arrays are shared and must not change. */
sealed interface MoveRequest {

  /**
   * To a node that has the range: give some of it, from its start on, to that node. Answered by {@link MoveReply.Gave}.
   *
   * @param bytes about so many, keys and values together
   */
  record Give(KeyRange range, int to, int bytes) implements MoveRequest {}

  /**
   * To a node that is to have the range: these are all its rows. Answered by {@link MoveReply.Done} when they are stable there.
   *
   * @param bootEpoch the giving node's
   * @param step counts what the giving node gives in that boot; one that comes again keeps its number
   * @param clock above it the taking node draws its timestamps
   * @param map in which the giving node still has the range
   */
  record Take(long bootEpoch, long step, long clock, ShardMap map, KeyRange range, List<KeyValue> rows) implements MoveRequest {}

  /** There is this map. Answered by {@link MoveReply.Done}. */
  record Learn(ShardMap map) implements MoveRequest {}
}
