package org.treatydb.dist.cluster;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.rpc.Services;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.dist.node.ClusterNode;
import org.treatydb.dist.node.LocalClock;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.embedded.NodeStore;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.memory.MemoryCounter;
import org.treatydb.kv.host.system.SystemClock;

/**
 * Nodes in one process, on directories below one, over a {@link LocalNetwork}. Their counters are in memory and never forget, and their
 * hosts' clocks differ.
 */
final class LocalCluster implements AutoCloseable {

  /** The hosts' clocks differ by so much from each to the next. */
  private static final long SKEW_MILLIS = 700;

  private static final ThreadFactory THREADS = Thread.ofVirtual().name("node-", 0).factory();

  final LocalNetwork network = new LocalNetwork();
  private final Path directory;
  private final int size;
  private final ShardMap shards;
  private final Map<Integer, MemoryCounter> counters = new TreeMap<>();
  private final Map<Integer, ClusterNode> nodes = new ConcurrentHashMap<>();
  private final Map<Integer, LocalClock> clocks = new ConcurrentHashMap<>();
  private final boolean carriesClocks;
  private final Map<Integer, Transport> transports = new ConcurrentHashMap<>();

  /** Starts the nodes. {@code carriesClocks}: whether the rounds of the trusted counters carry the nodes' clocks. */
  LocalCluster(Path directory, int size, ShardMap shards, boolean carriesClocks) {
    this.directory = directory;
    this.size = size;
    this.shards = shards;
    this.carriesClocks = carriesClocks;
    IntStream.rangeClosed(1, size).forEach(node -> clocks.put(node, new LocalClock()));
    IntStream.rangeClosed(1, size).forEach(this::start);
  }

  LocalCluster(Path directory, int size, ShardMap shards) {
    this(directory, size, shards, true);
  }

  private TrustedCounter counter(int node) {
    TrustedCounter counter = counters.computeIfAbsent(node, _ -> new MemoryCounter());
    return carriesClocks ? new CountedClock(counter, node, clocks) : counter;
  }

  ClusterNode start(int node) {
    List<Integer> others = IntStream.rangeClosed(1, size).filter(other -> other != node).boxed().toList();
    Services services = new Services();
    Transport transport = network.transport(node);
    transport.serve(services);
    byte[] key = new byte[SecretKey.BYTES];
    Arrays.fill(key, (byte) node);
    LocalClock clock = new LocalClock();
    clocks.put(node, clock);
    ClusterNode started = new ClusterNode(new ClusterNode.Parts(
        node, others, transport, services, clock, counter(node),
        counter -> NodeStore.open(
            node, directory.resolve("node-" + node), SecretKey.takeOver(key), counter, EmbeddedStoreOptions.defaults(),
            host -> withClock(host, new SkewedClock(SKEW_MILLIS * node))),
        () -> shards, new SystemClock(), THREADS));
    nodes.put(node, started);
    transports.put(node, transport);
    return started;
  }

  private static HostEnvironment withClock(HostEnvironment host, Clock clock) {
    return new HostEnvironment(
        host.wal(), host.manifest(), host.clog(), host.leaves(), host.counter(), host.memory(), clock, host.entropy(), host.threads());
  }

  void stop(int node) {
    transports.remove(node).close();
    nodes.remove(node).close();
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
    for (int node : List.copyOf(nodes.keySet())) {
      stop(node);
    }
  }
}
