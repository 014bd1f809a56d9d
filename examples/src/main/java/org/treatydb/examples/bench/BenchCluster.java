package org.treatydb.examples.bench;

import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.channel.ChannelLimits;
import org.treatydb.dist.channel.NettyTransport;
import org.treatydb.dist.channel.UnprotectedTransport;
import org.treatydb.dist.enclave.counter.CounterMember;
import org.treatydb.dist.enclave.counter.CounterTimes;
import org.treatydb.dist.enclave.counter.QuorumCounter;
import org.treatydb.dist.enclave.identity.CertificateAuthority;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.IdentityKey;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.dist.enclave.identity.RefusedRequestException;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.dist.enclave.rpc.Services;
import org.treatydb.dist.enclave.shard.Shard;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.dist.host.ReplacedFile;
import org.treatydb.dist.node.ClusterNode;
import org.treatydb.dist.node.LocalClock;
import org.treatydb.kv.api.KvStore;
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
 * A new cluster of three nodes in this process, each with a directory and a port of its own. Their parts are those of a node process,
 * but for what the side has switched off; certificates come from an authority in this process instead of the configuration service.
 * Thread-safe.
 */
final class BenchCluster implements AutoCloseable {

  static final int NODES = 3;
  static final int EVENT_LOOPS_PER_NODE = 1;
  static final long MEMORY_BYTES_PER_NODE = 64L << 20;

  private static final Endpoint ANY_PORT = new Endpoint("127.0.0.1", 0);
  private static final int MEASUREMENT_BYTES = 32;
  private static final int BOOT_NONCE_BYTES = 16;

  private final ClusterSide side;
  private final Path directory;
  private final Clock clock = new SystemClock();
  private final Entropy entropy = new SystemEntropy();
  private final ThreadFactory threads = Thread.ofVirtual().name("treaty-", 0).factory();
  private final CertificateAuthority authority = CertificateAuthority.create(entropy, clock);
  private final byte[] rootKey = entropy.bytes(SecretKey.BYTES);
  private final ShardMap shards =
      new ShardMap(1, nodes().stream().map(node -> new Shard(node == 1 ? new byte[0] : firstByte(node), node)).toList());
  private final Map<Integer, Endpoint> addresses = new ConcurrentHashMap<>();
  private final Map<Integer, ClusterNode> running = new ConcurrentHashMap<>();
  private final Queue<SwitchedCounter> counters = new ConcurrentLinkedQueue<>();
  private final CloseStack resources = new CloseStack();
  private final ClusterCosts costs = new ClusterCosts();

  /** Starts the nodes, in directories below {@code directory}. */
  BenchCluster(ClusterSide side, Path directory) throws Exception {
    this.side = side;
    this.directory = directory;
    try {
      Map<Integer, Transport> transports = new ConcurrentHashMap<>();
      nodes().forEach(node -> transports.put(node, transport(node)));
      inParallel(nodes().stream().<Callable<?>>map(node -> () -> running.put(node, start(node, transports.get(node)))).toList());
    } catch (Exception e) {
      throw resources.closedFor(e);
    }
  }

  /** The nodes' numbers. */
  static List<Integer> nodes() {
    return IntStream.rangeClosed(1, NODES).boxed().toList();
  }

  /** What the keys of a node's shard begin with. */
  static byte[] firstByte(int node) {
    return new byte[] {(byte) ('a' + node - 1)};
  }

  private static void inParallel(List<Callable<?>> work) throws Exception {
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      work.forEach(one -> all.add(each.submit(one)));
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private Transport transport(int node) {
    // An event loop waits in native code: on a virtual thread it would keep a carrier to itself.
    ThreadFactory platform = Thread.ofPlatform().daemon().name("treaty-net-", 0).factory();
    if (side.hasTls()) {
      NettyTransport transport = resources.push(new NettyTransport(
          identity(node), CertificateCheck.pinned(authority.certificate(), clock, (_, _) -> false), ANY_PORT, addresses::get,
          EVENT_LOOPS_PER_NODE, ChannelLimits.NODES, clock, platform));
      addresses.put(node, transport.address());
      return transport;
    }
    UnprotectedTransport transport = resources.push(new UnprotectedTransport(
        node, ANY_PORT, addresses::get, EVENT_LOOPS_PER_NODE, ChannelLimits.NODES, clock, platform));
    addresses.put(node, transport.address());
    return transport;
  }

  private NodeIdentity identity(int node) {
    IdentityKey key = IdentityKey.create(entropy);
    try {
      byte[] certificate = authority.issueNode(
          node, node, key.request(), new byte[MEASUREMENT_BYTES], entropy.bytes(BOOT_NONCE_BYTES), "none",
          CertificateAuthority.NODE_VALIDITY_MILLIS);
      return NodeIdentity.of(key, certificate, authority.certificate());
    } catch (RefusedRequestException | CertificateException e) {
      throw new IllegalStateException("the authority refuses itself", e);
    }
  }

  private ClusterNode start(int node, Transport channel) {
    Path place = directory.resolve("node-" + node);
    List<Integer> others = nodes().stream().filter(other -> other != node).toList();
    Transport transport = costs.counting(node, channel);
    LocalClock ownClock = new LocalClock();
    KeySchedule keys = new KeySchedule(SecretKey.takeOver(rootKey.clone()), new StoreId(new byte[StoreId.BYTES]));
    resources.push(keys::destroy);
    Services services = new Services();
    services.add(Service.COUNTER, resources.push(new CounterMember(
        node, ownClock.promising(), new ReplacedFile(place.resolve("counters-of-others")), keys, clock, entropy, threads)));
    transport.serve(services);
    TrustedCounter quorum = resources.push(new QuorumCounter(
        node, others, true, transport, ownClock, CounterTimes.DEFAULTS, clock, entropy, threads));
    SwitchedCounter counter = costs.counting(quorum, side.isStabilized());
    counters.add(counter);
    return new ClusterNode(new ClusterNode.Parts(
        node, others, transport, services, ownClock, counter, given -> open(node, place.resolve("store"), given), () -> shards, clock,
        threads));
  }

  private NodeStore open(int node, Path place, TrustedCounter counter) {
    SecretKey root = SecretKey.takeOver(rootKey.clone());
    resources.push(root::destroy);
    return NodeStore.open(
        node, place, root, counter, EmbeddedStoreOptions.defaults().withMemoryBytes(MEMORY_BYTES_PER_NODE), costs::counting);
  }

  /** The whole cluster's keys, coordinated by that node. */
  KvStore store(int node) {
    return running.get(node).store();
  }

  ClusterCosts.Counted costs() {
    return costs.counted();
  }

  /** The data is not wanted any more: no node waits for the others to confirm the end of its logs. */
  @Override
  public void close() {
    counters.forEach(SwitchedCounter::switchOff);
    try (resources) {
      running.values().forEach(ClusterNode::close);
    }
  }
}
