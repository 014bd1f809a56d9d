package org.treatydb.dist.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.clock.NodeClock;
import org.treatydb.dist.enclave.counter.CounterMember;
import org.treatydb.dist.enclave.counter.CounterTimes;
import org.treatydb.dist.enclave.counter.QuorumCounter;
import org.treatydb.dist.enclave.participant.OpenBranches;
import org.treatydb.dist.enclave.participant.ParticipantService;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.dist.enclave.rpc.Services;
import org.treatydb.dist.enclave.shard.Holdings;
import org.treatydb.dist.enclave.shard.OwnRanges;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.dist.enclave.shard.ShardMaps;
import org.treatydb.dist.host.ReplacedFile;
import org.treatydb.dist.node.ClusterNode;
import org.treatydb.dist.node.LocalClock;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.embedded.CloseStack;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.embedded.NodeStore;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/**
 * Nodes in one process, on directories below one, over a {@link LocalNetwork}. They keep each other's counters, and their hosts' clocks
 * differ.
 */
final class LocalCluster implements AutoCloseable {

  /** The hosts' clocks differ by so much from each to the next. */
  private static final long SKEW_MILLIS = 700;

  private static final Clock CLOCK = new SystemClock();
  private static final Entropy ENTROPY = new SystemEntropy();
  private static final ThreadFactory THREADS = Thread.ofVirtual().name("node-", 0).factory();

  final LocalNetwork network = new LocalNetwork();
  private final Path directory;
  private final int size;
  final LocalShardService shards;
  private final Map<Integer, ShardMaps> maps = new ConcurrentHashMap<>();
  private final Map<Integer, Services> served = new ConcurrentHashMap<>();
  private final Map<Integer, ClusterNode> nodes = new ConcurrentHashMap<>();
  private final boolean carriesClocks;
  private final Map<Integer, CloseStack> resources = new ConcurrentHashMap<>();

  /** Starts the nodes. {@code carriesClocks}: whether the rounds of the trusted counters carry the nodes' clocks. */
  LocalCluster(Path directory, int size, ShardMap shards, boolean carriesClocks) {
    this.directory = directory;
    this.size = size;
    this.shards = new LocalShardService(shards);
    this.carriesClocks = carriesClocks;
    startAll();
  }

  LocalCluster(Path directory, int size, ShardMap shards) {
    this(directory, size, shards, true);
  }

  private void startAll() {
    InParallel.run(IntStream.rangeClosed(1, size).boxed().toList(), this::start);
  }

  private static KeySchedule keys(int node) {
    return new KeySchedule(key(node), new StoreId(new byte[StoreId.BYTES]));
  }

  private static SecretKey key(int node) {
    byte[] key = new byte[SecretKey.BYTES];
    Arrays.fill(key, (byte) node);
    return SecretKey.takeOver(key);
  }

  /** A clock that tells and learns nothing. */
  private static NodeClock stopped() {
    return new NodeClock() {
      @Override
      public long now() {
        return 0;
      }

      @Override
      public void merge(long timestamp) {
        // Learns nothing.
      }
    };
  }

  ClusterNode start(int node) {
    return start(node, shards.present());
  }

  /** {@code map}: what it knows at first. */
  ClusterNode start(int node, ShardMap map) {
    List<Integer> others = IntStream.rangeClosed(1, size).filter(other -> other != node).boxed().toList();
    Services services = new Services();
    served.put(node, services);
    Transport transport = network.transport(node);
    Path place = directory.resolve("node-" + node);
    LocalClock clock = new LocalClock();
    CloseStack opened = new CloseStack();
    resources.put(node, opened);
    opened.push(transport);
    CounterMember member = opened.push(new CounterMember(
        node, carriesClocks ? clock.promising() : stopped(), new ReplacedFile(place.resolve("counters")), keys(node), CLOCK, ENTROPY,
        THREADS));
    services.add(Service.COUNTER, member);
    transport.serve(services);
    QuorumCounter counter = opened.push(new QuorumCounter(
        node, others, !Files.exists(place.resolve("store")), transport, carriesClocks ? clock : stopped(),
        CounterTimes.DEFAULTS, CLOCK, ENTROPY, THREADS));
    ShardMaps known = shards.of(node, map);
    maps.put(node, known);
    ClusterNode started = opened.push(opening(opened, () -> new ClusterNode(new ClusterNode.Parts(
        node, others, transport, services, clock, counter,
        given -> NodeStore.open(
            node, place.resolve("store"), key(node), given, EmbeddedStoreOptions.defaults(),
            host -> withClock(host, new SkewedClock(SKEW_MILLIS * node))),
        known, CLOCK, THREADS))));
    nodes.put(node, started);
    return started;
  }

  private static ClusterNode opening(CloseStack opened, Supplier<ClusterNode> start) {
    try {
      return start.get();
    } catch (RuntimeException e) {
      throw opened.closedFor(e);
    }
  }

  /** {@code node} knows the newest shard map. */
  void tellOfShards(int node) {
    maps.get(node).newest();
  }

  /** From now on, {@code node} serves by that shard map alone, whatever it remembers of moves. */
  void forgetMoves(int node, ShardMap map) {
    served.get(node).add(Service.BRANCHES, new ParticipantService(
        nodes.get(node).local(), new OwnRanges(node, () -> map, Holdings.NONE, 0, CLOCK), new OpenBranches(CLOCK)));
  }

  private static HostEnvironment withClock(HostEnvironment host, Clock clock) {
    return new HostEnvironment(
        host.wal(), host.manifest(), host.clog(), host.leaves(), host.counter(), host.memory(), clock, host.entropy(), host.threads());
  }

  void stop(int node) {
    nodes.remove(node);
    resources.remove(node).close();
  }

  ClusterNode node(int node) {
    return nodes.get(node);
  }

  KvStore store(int node) {
    return nodes.get(node).store();
  }

  /** A store each of whose transactions is coordinated by any of the nodes that run. Closing it closes the cluster. */
  KvStore anyNode() {
    return new KvStore() {
      @Override
      public KvTransaction begin(TransactionOptions options) {
        List<ClusterNode> running = List.copyOf(nodes.values());
        return running.get(ThreadLocalRandom.current().nextInt(running.size())).store().begin(options);
      }

      @Override
      public LockView locks() {
        throw new UnsupportedOperationException();
      }

      @Override
      public List<TransactionView> transactions() {
        throw new UnsupportedOperationException();
      }

      @Override
      public void close() {
        LocalCluster.this.close();
      }
    };
  }

  @Override
  public void close() {
    List<Integer> running = List.copyOf(nodes.keySet());
    // First all stores, which need all nodes to count for them.
    InParallel.run(running, node -> nodes.get(node).close());
    InParallel.run(running, this::stop);
  }
}
