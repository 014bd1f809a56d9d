package org.treatydb.dist.node;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.cas.ClusterConfiguration;
import org.treatydb.dist.enclave.cas.Member;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;

/** The state of the cluster as one node sees it. Thread-safe. */
final class ClusterStatus {

  private static final long ASK_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Bits of a timestamp below its milliseconds. */
  private static final int LOGICAL_BITS = 20;

  private final int own;
  private final Transport transport;
  private final ClusterNews news;
  private final ClusterNode node;

  ClusterStatus(int own, Transport transport, ClusterNews news, ClusterNode node) {
    this.own = own;
    this.transport = transport;
    this.news = news;
    this.node = node;
  }

  List<String> lines() {
    ClusterConfiguration configuration = news.configuration();
    ShardMap shards = news.get();
    List<String> lines = new ArrayList<>();
    lines.add("cluster    " + configuration.cluster() + ", version " + configuration.version() + "; shard map version " + shards.version());
    long ownClock = node.status().clock();
    for (Member member : configuration.members()) {
      long mine = shards.shards().stream().filter(shard -> shard.node() == member.id()).count();
      lines.add("node %-5d %s, peers %s, JDBC %s, %d shards: %s".formatted(
          member.id(), member.name() + (member.id() == own ? " (asked)" : ""), member.peers(), member.jdbc(), mine,
          configuration.isShutOut(member.id()) ? "SHUT OUT" : state(member.id(), ownClock)));
    }
    return lines;
  }

  /** Which node has which keys. */
  List<String> shards() {
    ShardMap map = news.get();
    List<String> lines = new ArrayList<>();
    lines.add("shard map version " + map.version());
    for (ShardMap.Piece piece : map.pieces(KeyRange.ALL)) {
      String name = news.configuration().member(piece.node()).map(Member::name).orElse("?");
      lines.add("%s on node %d (%s)".formatted(piece.range(), piece.node(), name));
    }
    return lines;
  }

  private String state(int member, long ownClock) {
    try {
      NodeStatus status = member == own
          ? node.status()
          : NodeStatus.decode(Service.STATUS.call(transport, member, new byte[0], ASK_TIMEOUT_NANOS));
      long behindMillis = (ownClock >> LOGICAL_BITS) - (status.clock() >> LOGICAL_BITS);
      String serving = status.trouble().isEmpty() ? "up" : "NOT SERVING: " + status.trouble();
      String moves = status.moves().isEmpty() ? "" : "; " + status.moves();
      return "%s; boot %d, %d transactions in doubt, %d open, clock %+d ms, counter %d records behind%s".formatted(
          serving, status.bootEpoch(), status.inDoubt(), status.open(), -behindMillis, status.unconfirmed(), moves);
    } catch (KvException e) {
      return "DOWN, or not to be reached from here: " + e.getMessage();
    }
  }
}
