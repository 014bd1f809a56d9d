package org.treatydb.dist.node;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.channel.ChannelLimits;
import org.treatydb.dist.channel.EventLoops;
import org.treatydb.dist.channel.NettyTransport;
import org.treatydb.dist.enclave.attest.SoftwareAttestation;
import org.treatydb.dist.enclave.cas.JoinedCluster;
import org.treatydb.dist.enclave.cas.Member;
import org.treatydb.dist.enclave.counter.CounterMember;
import org.treatydb.dist.enclave.counter.CounterTimes;
import org.treatydb.dist.enclave.counter.QuorumCounter;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.dist.enclave.move.RangeMoves;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.dist.enclave.rpc.Services;
import org.treatydb.dist.host.ReplacedFile;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.embedded.CloseStack;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.embedded.NodeStore;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/**
 * A node of a cluster as a process is one: joins as its configuration says, counts for its peers and serves them over TLS, recovers its
 * store, and follows what the configuration service tells. Thread-safe.
 */
public final class NodeProcess implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);

  private static final long JOIN_TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(5);
  /** So long the logs may wait for other nodes to confirm them; then what is not confirmed is as after a crash. */
  private static final long CLOSING_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

  private static final int EVENT_LOOPS_MAX = 2;

  private final CloseStack resources = new CloseStack();
  private final Clock clock = new SystemClock();
  private final Entropy entropy = new SystemEntropy();
  private final ThreadFactory threads = Thread.ofVirtual().name("treaty-", 0).factory();
  private final NodeConfiguration configuration;
  private final Member member;
  private final ClusterNews news;
  private final NettyTransport transport;
  private final ClusterNode node;
  private QuorumCounter counter;
  private ClusterStatus status;

  /**
   * Joins, recovers and begins to serve the other nodes. Waits for the configuration service, and for as many other nodes as it takes to
   * know this node's counters.
   *
   * @param options memory and limits of the store
   * @param adoptDisk whether the operator vouches that this node's disk is the newest it ever had, since no other node remembers
   * @throws org.treatydb.kv.api.KvException.Unavailable if the node is not let in, or not enough other nodes answer
   * @throws org.treatydb.kv.api.KvException.IntegrityViolation if its files are not what it wrote last
   */
  public NodeProcess(NodeConfiguration configuration, EmbeddedStoreOptions options, boolean adoptDisk) {
    this.configuration = configuration;
    try {
      // An event loop waits in native code: on a virtual thread it would keep a carrier to itself.
      ThreadFactory platform = Thread.ofPlatform().daemon().name("treaty-net-", 0).factory();
      EventLoops loops = resources.push(new EventLoops(1, platform));
      NodeJoin join = new NodeJoin(configuration, loops, clock, entropy);
      byte[] bootNonce = entropy.bytes(NodeJoin.BOOT_NONCE_BYTES);
      JoinedCluster joined = join.join(bootNonce, JOIN_TIMEOUT_NANOS);
      this.member = joined.member();
      this.news = resources.push(new ClusterNews(join, joined, bootNonce, clock));
      CertificateCheck peers = CertificateCheck.pinned(join.authority(), clock, news);
      this.transport = resources.push(new NettyTransport(
          joined.identity(), peers, configuration.listenPeers(), news::peerAddress, EVENT_LOOPS_MAX, ChannelLimits.NODES, clock, platform));
      this.node = resources.push(start(join, joined, options, adoptDisk));
      news.follow(transport, threads);
    } catch (RuntimeException e) {
      throw resources.closedFor(e);
    } catch (Error e) {
      throw resources.closedFor(e);
    }
  }

  private ClusterNode start(NodeJoin join, JoinedCluster joined, EmbeddedStoreOptions options, boolean adoptDisk) {
    SecretKey root = joined.root();
    resources.push(root::destroy);
    LocalClock ownClock = new LocalClock();
    KeySchedule keys = new KeySchedule(SecretKey.takeOver(root.copyBytes()), clusterId(joined));
    resources.push(keys::destroy);
    Services services = new Services();
    CounterMember counters = resources.push(new CounterMember(
        member.id(), ownClock.promising(), new ReplacedFile(configuration.data().resolve("counters-of-others")), keys, clock, entropy,
        threads));
    services.add(Service.COUNTER, counters);
    transport.serve(services);
    List<Integer> others =
        joined.configuration().members().stream().map(Member::id).filter(other -> other != member.id()).toList();
    Path directory = configuration.data().resolve("store");
    counter = resources.push(new QuorumCounter(
        member.id(), others, joined.isNew(), transport, ownClock, CounterTimes.DEFAULTS, clock, entropy, threads));
    if (adoptDisk) {
      counter.adopt(NodeStore.stateOnDisk(directory, root, Progress.NONE));
    }
    ClusterNode started = new ClusterNode(new ClusterNode.Parts(
        member.id(), others, transport, services, ownClock, counter,
        given -> open(given, directory, join, joined, options), news, clock,
        threads));
    services.add(Service.STATUS, new StatusService(started));
    status = new ClusterStatus(member.id(), transport, news, started);
    return started;
  }

  /** The cluster's id where a store's is asked for. */
  private static StoreId clusterId(JoinedCluster joined) {
    UUID cluster = joined.configuration().cluster();
    return new StoreId(ByteBuffer.allocate(StoreId.BYTES)
        .putLong(cluster.getMostSignificantBits()).putLong(cluster.getLeastSignificantBits()).array());
  }

  private NodeStore open(TrustedCounter counter, Path directory, NodeJoin join, JoinedCluster joined, EmbeddedStoreOptions options) {
    NodeStore opened = NodeStore.open(member.id(), directory, joined.root(), counter, options);
    try {
      if (joined.isNew()) {
        // Before anybody can commit anything here.
        join.tellOfStore(joined, JOIN_TIMEOUT_NANOS);
      }
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** The node as its cluster knows it. */
  public Member member() {
    return member;
  }

  /** Who this node is, as its cluster's authority certifies it now: it is certified again before that ends. */
  public NodeIdentity identity() {
    return transport.identity();
  }

  /** The whole cluster's keys. Closed by {@link #close}. */
  public KvStore store() {
    return node.store();
  }

  /** What an operator asks about: this node and, as far as they answer, the others. Lines to be shown. */
  public List<String> status() {
    List<String> lines = status.lines();
    if (configuration.attestation().equals(SoftwareAttestation.NAME)) {
      lines.addFirst("WARNING: " + SoftwareAttestation.WARNING);
    }
    return lines;
  }

  /** Which node has which keys, as lines to be shown. */
  public List<String> shards() {
    return status.shards();
  }

  /**
   * Moves a range of keys to another node, while the cluster serves. What that node has already stays; so who is cut off in the middle
   * calls again.
   *
   * @param to the node's name
   * @return lines to be shown
   * @throws KvException if it does not go on; what has moved so far has moved
   */
  public List<String> move(KeyRange range, String to) {
    Member target = news.configuration().member(to).orElseThrow(() -> new KvException.InvalidRequest(
        ErrorCode.INVALID_ARGUMENT, "the cluster has no node called '" + to + "'"));
    long rows = node.moves().move(range, target.id(), RangeMoves.STEP_BYTES_DEFAULT, step -> LOG.info(
        "Moved {} with {} rows from node {} to node {}", step.moved(), step.rows(), step.from(), target.id()));
    return List.of("moved " + rows + " rows; node " + to + " has " + range + ", shard map version " + news.get().version());
  }

  /** Ends what this node coordinates, makes its logs stable as far as other nodes still answer, and leaves. */
  @Override
  public void close() {
    LOG.info("Node {} ends", member.name());
    threads.newThread(() -> {
      long deadline = clock.nanoTime() + CLOSING_NANOS_MAX;
      while (clock.nanoTime() < deadline) {
        clock.parkUntil(this, deadline);
      }
      counter.close();
    }).start();
    resources.close();
  }
}
