package org.treatydb.dist.enclave.counter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.treatydb.dist.boundary.StateFile;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.clock.NodeClock;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.dist.enclave.rpc.Services;
import org.treatydb.dist.net.MemoryNetwork;
import org.treatydb.dist.net.MemoryNetwork.Message;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/** Nodes that count for each other over a network in memory. */
final class CounterCluster implements AutoCloseable {

  static final StoreId STORE = new StoreId("the node-1 store".getBytes(StandardCharsets.US_ASCII));
  static final StoreId OTHER = new StoreId("another store id".getBytes(StandardCharsets.US_ASCII));

  private static final int COUNTER_SERVICE = 2;
  private static final long MILLISECOND = 1_000_000;
  private static final long LONG = 60_000 * MILLISECOND;
  /** Waits for what is expected to come; looks for restarted members all the time. */
  static final CounterTimes PATIENT = new CounterTimes(LONG, MILLISECOND, MILLISECOND, LONG, LONG);
  /** As patient, but says nothing unless something is to be confirmed. */
  static final CounterTimes QUIET = new CounterTimes(LONG, MILLISECOND, LONG, LONG, LONG);
  /** Gives up as soon as even a loaded machine would have come to it. */
  static final CounterTimes HASTY = new CounterTimes(LONG, MILLISECOND, MILLISECOND, 1000 * MILLISECOND, 1000 * MILLISECOND);

  final MemoryNetwork network = new MemoryNetwork();
  final Map<Integer, MemoryFile> disks = new HashMap<>();
  final Map<Integer, TestClock> clocks = new HashMap<>();
  private final int nodes;
  private final Set<CounterCheck> checks;
  private final ThreadFactory threads = Thread.ofVirtual().factory();
  private final Map<Integer, Transport> transports = new HashMap<>();
  private final Map<Integer, CounterMember> members = new HashMap<>();
  private final List<QuorumCounter> counters = new ArrayList<>();

  CounterCluster(int nodes) {
    this(nodes, EnumSet.allOf(CounterCheck.class));
  }

  CounterCluster(int nodes, Set<CounterCheck> checks) {
    this.nodes = nodes;
    this.checks = checks;
    for (int node = 1; node <= nodes; node++) {
      disks.put(node, new MemoryFile());
      clocks.put(node, new TestClock());
      start(node);
    }
  }

  static CounterCluster without(int nodes, CounterCheck check) {
    return new CounterCluster(nodes, EnumSet.complementOf(EnumSet.of(check)));
  }

  static LogHead head(long counter) {
    byte[] digest = new byte[LogHead.DIGEST_BYTES];
    Arrays.fill(digest, (byte) counter);
    return new LogHead(counter, digest);
  }

  void start(int node) {
    Transport transport = network.join(node);
    CounterMember member = new CounterMember(
        node, clocks.get(node), disks.get(node), new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE), new SystemClock(),
        new SystemEntropy(), threads, checks);
    Services services = new Services();
    services.add(Service.COUNTER, member);
    transport.serve(services);
    transports.put(node, transport);
    members.put(node, member);
  }

  /** Stops a node in good order: its disk has what it knew. */
  void stop(int node) {
    transports.get(node).close();
    members.get(node).close();
  }

  void restart(int node) {
    stop(node);
    start(node);
  }

  /** Stops several nodes before it starts the first of them again. */
  void restartAtOnce(int... which) {
    Arrays.stream(which).forEach(this::stop);
    Arrays.stream(which).forEach(this::start);
  }

  /** A boot of node 1. */
  QuorumCounter boot(CounterTimes times) {
    return boot(times, false);
  }

  QuorumCounter boot(CounterTimes times, boolean isNew) {
    QuorumCounter counter = new QuorumCounter(
        1, IntStream.rangeClosed(2, nodes).boxed().toList(), isNew, transports.get(1), clocks.get(1), times, new SystemClock(),
        new SystemEntropy(), threads);
    counters.add(counter);
    return counter;
  }

  /** The first boot of node 1, with its store registered and epoch 1 bound. */
  QuorumCounter firstBoot(CounterTimes times) {
    QuorumCounter counter = boot(times, true);
    counter.register(STORE);
    counter.read();
    counter.bindEpoch(0);
    return counter;
  }

  /** Waits until node 1 has told {@code node} again, after that node's restart; to be begun before the restart. */
  Runnable told(int node) {
    Predicate<Message> telling = message -> message.to() == node && isEstablishing(message);
    int before = network.delivered(telling).size();
    return () -> network.await(before + 1, telling);
  }

  static boolean isEstablishing(Message message) {
    return body(message).filter(body -> body instanceof CounterRequest.Store store && store.establishes()).isPresent();
  }

  static boolean is(Message message, Class<? extends CounterRequest.Body> kind) {
    return body(message).filter(kind::isInstance).isPresent();
  }

  private static Optional<CounterRequest.Body> body(Message message) {
    return message.isReply() ? Optional.empty() : Optional.of(decode(message).body());
  }

  static CounterRequest decode(Message message) {
    return CounterCodec.decodeRequest(Arrays.copyOfRange(message.bytes(), 1, message.bytes().length));
  }

  static Message message(int from, int to, CounterRequest request) {
    byte[] encoded = CounterCodec.encode(request);
    return new Message(from, to, false, new ByteWriter(1 + encoded.length).u8(COUNTER_SERVICE).raw(encoded).toByteArray());
  }

  @Override
  public void close() {
    counters.forEach(QuorumCounter::close);
    members.values().forEach(CounterMember::close);
  }

  /** A disk whose past an adversary can bring back. */
  static final class MemoryFile implements StateFile {

    volatile byte[] bytes;

    @Override
    public Optional<byte[]> read() {
      return Optional.ofNullable(bytes).map(byte[]::clone);
    }

    @Override
    public void write(byte[] written) {
      bytes = written.clone();
    }
  }

  /** A clock that only goes on when it is told something. */
  static final class TestClock implements NodeClock {

    private final AtomicLong newest = new AtomicLong();
    private volatile boolean fenced;

    /** From now on it takes nothing over, as that of a node whose store has fenced itself. */
    void fence() {
      fenced = true;
    }

    @Override
    public long now() {
      return newest.get();
    }

    @Override
    public void merge(long timestamp) {
      if (fenced) {
        throw new KvException.IntegrityViolation(ErrorCode.FENCED, "another boot of the node has taken over", null);
      }
      newest.accumulateAndGet(timestamp, Math::max);
    }
  }
}
