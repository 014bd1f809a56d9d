package org.treatydb.dist.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.channel.ChannelLimits;
import org.treatydb.dist.channel.NettyTransport;
import org.treatydb.dist.enclave.counter.CounterMember;
import org.treatydb.dist.enclave.counter.CounterTimes;
import org.treatydb.dist.enclave.counter.QuorumCounter;
import org.treatydb.dist.enclave.identity.CertificateAuthority;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.IdentityKey;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.dist.enclave.rpc.Services;
import org.treatydb.dist.host.ReplacedFile;
import org.treatydb.dist.node.ClusterNode;
import org.treatydb.dist.node.LocalClock;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.embedded.NodeStore;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/**
 * The child process of {@link KilledNodesTest}: a node of three over TLS on this machine. Does what the lines on its standard input say,
 * and kills itself at the step it is told. Ends with its parent.
 */
final class KilledNode {

  static final String AUTHORITY = "authority";

  private static final int CLIENTS = 2;
  /** A step takes a few rows. */
  private static final int MOVE_STEP_BYTES = 200;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  /** A member is certain to have been told after so many answers, however the rounds fall. */
  private static final int ANSWERS_UNTIL_TOLD = 4;
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

  private static final CounterTimes TIMES = new CounterTimes(
      CounterTimes.DEFAULTS.callNanos(), CounterTimes.DEFAULTS.retryNanos(), CounterTimes.DEFAULTS.renewalNanos(),
      CounterTimes.DEFAULTS.confirmationNanos(), PATIENCE_NANOS);

  private static final Clock CLOCK = new SystemClock();
  private static final Entropy ENTROPY = new SystemEntropy();
  private static final ThreadFactory THREADS = Thread.ofVirtual().factory();

  private final int node;
  private final List<Endpoint> addresses;
  private final List<Integer> others;
  private final KillSwitch steps = new KillSwitch();
  private final List<Thread> clients = new ArrayList<>();
  private KillableTransport transport;
  private ClusterNode serving;
  private volatile boolean stopping;

  private KilledNode(int node, List<Endpoint> addresses) {
    this.node = node;
    this.addresses = addresses;
    this.others = IntStream.rangeClosed(1, addresses.size()).filter(other -> other != node).boxed().toList();
  }

  /** Arguments: node, directory, addresses of all nodes, and at which step since its start it is to die, if not 0. */
  public static void main(String[] arguments) {
    try {
      KilledNode child = new KilledNode(Integer.parseInt(arguments[0]), Stream.of(arguments[2].split(",")).map(Endpoint::parse).toList());
      child.steps.arm(KillSwitch.ANY, Integer.parseInt(arguments[3]));
      child.start(Path.of(arguments[1]));
      Says.line("serving");
      BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        child.execute(line.split(" "));
      }
    } catch (Throwable e) {
      trouble(e);
    }
    Runtime.getRuntime().halt(1);
  }

  private static void trouble(Throwable failure) {
    failure.printStackTrace();
    Says.line("trouble " + failure);
  }

  private static SecretKey key(int node) {
    byte[] key = new byte[SecretKey.BYTES];
    Arrays.fill(key, (byte) node);
    return SecretKey.takeOver(key);
  }

  private NodeIdentity identity(CertificateAuthority authority) throws Exception {
    IdentityKey key = IdentityKey.create(ENTROPY);
    long serial = 1 + new Random().nextLong(Long.MAX_VALUE - 1);
    byte[] certificate = authority.issueNode(
        node, serial, key.request(), new byte[32], new byte[16], "software", CertificateAuthority.NODE_VALIDITY_MILLIS);
    return NodeIdentity.of(key, certificate, authority.certificate());
  }

  private void start(Path directory) throws Exception {
    CertificateAuthority authority =
        CertificateAuthority.decodeSecret(Files.readAllBytes(directory.resolve(AUTHORITY)), ENTROPY, CLOCK);
    Path place = directory.resolve("node-" + node);
    transport = new KillableTransport(new NettyTransport(
        identity(authority), CertificateCheck.pinned(authority.certificate(), CLOCK, (_, _) -> false), addresses.get(node - 1),
        peer -> addresses.get(peer - 1), 1, ChannelLimits.NODES, CLOCK, Thread.ofPlatform().daemon().factory()), steps);
    Services services = new Services();
    LocalClock clock = new LocalClock();
    services.add(Service.COUNTER, new CounterMember(
        node, clock.promising(), new ReplacedFile(place.resolve("counters")),
        new KeySchedule(key(node), new StoreId(new byte[StoreId.BYTES])), CLOCK, ENTROPY, THREADS));
    transport.serve(services);
    QuorumCounter counter = new QuorumCounter(
        node, others, !Files.exists(place.resolve("store").resolve("STORE")), transport, clock, TIMES, CLOCK, ENTROPY, THREADS);
    serving = new ClusterNode(new ClusterNode.Parts(
        node, others, transport, services, clock, new KillableHost.Counter(counter, steps),
        given -> NodeStore.open(
            node, place.resolve("store"), key(node), given, EmbeddedStoreOptions.defaults().withMemoryBytes(16 << 20),
            new KillableHost(steps)::around),
        new FileShardService(directory, steps), CLOCK, THREADS));
  }

  private void execute(String[] words) throws InterruptedException, IOException {
    switch (words[0]) {
      case "prepare" -> ClusterTransfers.prepare(serving.store());
      case "arm" -> steps.arm(words[1], Integer.parseInt(words[2]));
      case "work" -> work(words[1], Long.parseLong(words[2]), Integer.parseInt(words[3]));
      case "move" -> move(Long.parseLong(words[1]));
      case "stop" -> stop();
      case "told" -> awaitTold();
      case "settle" -> await("a transaction stays in doubt", () -> serving.local().inDoubt().isEmpty());
      case "state" -> Says.line("state " + ClusterTransfers.state(serving.store()));
      case "lock" -> {
        long begun = System.nanoTime();
        ClusterTransfers.lockAllAndDeleteReceipts(serving.store(), LOCK_TIMEOUT);
        Says.line("locked " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
      }
      default -> throw new IOException("what is " + words[0]);
    }
    Says.line("done " + words[0]);
  }

  private static void await(String otherwise, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(otherwise);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /** The other nodes hold this one's counter: they could have forgotten it when they ended. */
  private void awaitTold() {
    int[] before = others.stream().mapToInt(transport::counted).toArray();
    await("a node does not count", () -> IntStream.range(0, before.length)
        .allMatch(i -> transport.counted(others.get(i)) >= before[i] + ANSWERS_UNTIL_TOLD));
  }

  private void work(String name, long seed, int transfers) {
    stopping = false;
    clients.clear();
    for (int client = 0; client < CLIENTS; client++) {
      String prefix = name + "." + node + "." + client + ".";
      Random random = new Random(seed + 10 * node + client);
      clients.add(Thread.ofVirtual().start(() -> {
        for (int i = 0; i < transfers && !stopping; i++) {
          transfer(prefix + i, random);
        }
      }));
    }
    THREADS.newThread(() -> {
      for (Thread each : List.copyOf(clients)) {
        try {
          each.join();
        } catch (InterruptedException e) {
          return;
        }
      }
      Says.line("finished " + name);
    }).start();
  }

  /** Moves ranges from node to node until it is told to stop. */
  private void move(long seed) {
    Random random = new Random(seed);
    clients.add(Thread.ofVirtual().start(() -> {
      while (!stopping) {
        try {
          serving.moves().move(
              ClusterTransfers.someRange(random), 1 + random.nextInt(addresses.size()), MOVE_STEP_BYTES, _ -> { });
        } catch (KvException.Retryable e) {
          // A node is down, or somebody has held locks for too long.
        } catch (RuntimeException | Error e) {
          trouble(e);
        }
      }
    }));
  }

  private void transfer(String id, Random random) {
    try {
      Says.line((ClusterTransfers.step(serving.store(), id, random) ? "committed " : "undone ") + id);
    } catch (KvException.Retryable e) {
      Says.line("undone " + id + " " + e.code());
    } catch (KvException.UnknownOutcome e) {
      Says.line("unknown " + id);
    } catch (RuntimeException | Error e) {
      trouble(e);
    }
  }

  private void stop() throws InterruptedException {
    stopping = true;
    for (Thread each : clients) {
      each.join();
    }
  }
}
