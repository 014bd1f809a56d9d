package org.treatydb.dist.node;

import java.math.BigInteger;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.channel.NettyTransport;
import org.treatydb.dist.enclave.cas.CasClient;
import org.treatydb.dist.enclave.cas.ClusterConfiguration;
import org.treatydb.dist.enclave.cas.JoinedCluster;
import org.treatydb.dist.enclave.cas.Member;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.dist.enclave.shard.ShardMaps;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;

/**
 * What a node knows of its cluster: as it was when it joined, and then as the configuration service says about once a second. Joins again
 * before the node's certificate ends. Thread-safe.
 */
final class ClusterNews implements CertificateCheck.Revocations, ShardMaps, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterNews.class);

  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long RENEWAL_NANOS = TimeUnit.HOURS.toNanos(8);
  private static final long JOIN_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final NodeJoin join;
  private final byte[] bootNonce;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private JoinedCluster joined;
  private volatile CasChannel channel;
  private volatile ClusterConfiguration configuration;
  private volatile ShardMap shards;
  private volatile boolean closed;

  ClusterNews(NodeJoin join, JoinedCluster joined, byte[] bootNonce, Clock clock) {
    this.join = join;
    this.joined = joined;
    this.bootNonce = bootNonce;
    this.clock = clock;
    this.configuration = joined.configuration();
    this.shards = joined.shardMap();
    this.channel = join.channel(joined);
  }

  @Override
  public boolean isRevoked(int node, BigInteger serial) {
    return configuration.isRevoked(node, serial);
  }

  /** Where a node serves its peers; null if there is no such node. */
  Endpoint peerAddress(int node) {
    return configuration.member(node).map(Member::peers).orElse(null);
  }

  @Override
  public ShardMap get() {
    return shards;
  }

  @Override
  public void learn(ShardMap map) {
    lock.lock();
    try {
      if (map.version() > shards.version()) {
        shards = map;
        LOG.info("The shard map is now of version {}", map.version());
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ShardMap newest() {
    channel.client().news(configuration.version(), shards.version()).shardMap().ifPresent(this::learn);
    return shards;
  }

  @Override
  public boolean publish(ShardMap next) {
    CasClient.Publication publication = channel.client().publish(next);
    learn(publication.shardMap());
    return publication.replaced();
  }

  ClusterConfiguration configuration() {
    return configuration;
  }

  /** Begins to follow; {@code transport} is told of what concerns it. */
  void follow(NettyTransport transport, ThreadFactory threads) {
    threads.newThread(() -> run(transport)).start();
  }

  private void run(NettyTransport transport) {
    long renewal = clock.nanoTime() + RENEWAL_NANOS;
    try {
      while (!closed) {
        clock.parkUntil(this, clock.nanoTime() + PAUSE_NANOS);
        try {
          if (clock.nanoTime() >= renewal && !closed) {
            joined = join.join(bootNonce, JOIN_TIMEOUT_NANOS);
            joined.root().destroy();
            transport.replaceIdentity(joined.identity());
            CasChannel before = channel;
            channel = join.channel(joined);
            before.close();
            renewal = clock.nanoTime() + RENEWAL_NANOS;
          }
          ask(transport);
        } catch (KvException e) {
          LOG.debug("No news from the configuration service: {}", e.getMessage());
        }
      }
    } finally {
      channel.close();
    }
  }

  private void ask(NettyTransport transport) {
    CasClient.News news = channel.client().news(configuration.version(), shards.version());
    if (news.configuration().isPresent()) {
      configuration = news.configuration().get();
      LOG.info("The cluster's configuration is now of version {}", configuration.version());
      transport.recheck();
    }
    news.shardMap().ifPresent(this::learn);
  }

  @Override
  public void close() {
    closed = true;
    channel.close();
  }
}
