package org.treatydb.dist.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.dist.simulation.SealedSession.Envelope;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * The network between the nodes, behind {@link Transport}: messages are lost, late, there twice, out of order; links are cut in one
 * direction, or clogged; and somebody owns the wires. In the place of TLS stand {@link SealedSession}s.
 */
final class SimulatedNetwork {

  private static final long LATENCY_NANOS_MIN = 50_000;
  private static final long LATENCY_NANOS_MAX = 400_000;
  private static final long DELAY_NANOS_MAX = 3_000_000_000L;
  private static final long SECOND_DELIVERY_NANOS_MAX = 500_000_000;
  private static final int PER_MILLION = 1_000_000;

  private record Link(int from, int to) {}

  private record Kept(int from, Service service) {}

  private record Ends(SimulatedProcess caller, int called, SimulatedProcess by) {}

  /** A connection to a process that serves; {@code middle}: whether somebody else has its key, too. */
  private record Connection(SealedSession session, Served there, boolean middle) {}

  /** Sees answers that have arrived. */
  interface Watcher {
    void answered(int from, SimulatedProcess asker, int to, SimulatedProcess by, byte[] request, byte[] reply);
  }

  private final Scheduler scheduler;
  private final Random random;
  private final Trace trace;
  private final FaultCounts faults;
  /** The processes that say they are that node; of several the host chooses. */
  private final Map<Integer, List<Served>> served = new HashMap<>();
  private final Set<Link> cut = new HashSet<>();
  /** Requests that somebody keeps. */
  private final Set<Kept> kept = new HashSet<>();
  private final Map<Link, Long> cloggedUntil = new HashMap<>();
  private final Map<Link, Long> newestArrival = new HashMap<>();
  private final Map<Ends, Connection> connections = new LinkedHashMap<>();
  private final Control control;
  private final Random keys;
  final WireAdversary adversary;
  private Watcher watcher = (_, _, _, _, _, _) -> { };
  /** Messages of a million that are lost, delayed, delivered twice. */
  int dropPerMillion;
  int delayPerMillion;
  int duplicatePerMillion;

  /** A process that serves requests. */
  private record Served(SimulatedProcess process, Transport.Handler handler) {}

  /** One request, as its sender waits for it. */
  private static final class Call {

    private final Thread caller = Thread.currentThread();
    private byte[] reply;
    private SimulatedProcess answeredBy;
    private boolean broken;

    void answer(byte[] bytes, SimulatedProcess by) {
      if (reply == null) {
        reply = bytes;
        answeredBy = by;
      }
      LockSupport.unpark(caller);
    }

    void fail() {
      broken = true;
      LockSupport.unpark(caller);
    }
  }

  SimulatedNetwork(
      Scheduler scheduler, Random random, Random keys, WireAdversary adversary, Control control, Trace trace, FaultCounts faults) {
    this.keys = keys;
    this.adversary = adversary;
    this.control = control;
    this.scheduler = scheduler;
    this.random = random;
    this.trace = trace;
    this.faults = faults;
  }

  void watch(Watcher by) {
    watcher = by;
  }

  /** Nothing gets from one to the other any more. */
  void cut(int from, int to) {
    cut.add(new Link(from, to));
    faults.hit(Fault.ONE_WAY_PARTITION);
  }

  void mend(int from, int to) {
    cut.remove(new Link(from, to));
  }

  /** Somebody keeps what that node asks that service of the others, until {@link #letPass}. */
  void keep(int node, Service service) {
    kept.add(new Kept(node, service));
  }

  void letPass(int node, Service service) {
    kept.remove(new Kept(node, service));
  }

  /** What is sent from one to the other arrives when that time is over, all at once. */
  void clog(int from, int to, long nanos) {
    cloggedUntil.put(new Link(from, to), scheduler.nowNanos() + nanos);
    faults.hit(Fault.CLOG);
  }

  /** Every connection that a node has made ends: it has to make new ones. */
  void disconnect(SimulatedProcess caller) {
    List<Connection> ended = new ArrayList<>();
    connections.forEach((ends, connection) -> {
      if (ends.caller == caller) {
        ended.add(connection);
      }
    });
    ended.forEach(each -> each.session.breakUp());
  }

  void heal() {
    adversary.stop();
    cut.clear();
    kept.clear();
    cloggedUntil.clear();
    dropPerMillion = 0;
    delayPerMillion = 0;
    duplicatePerMillion = 0;
  }

  Transport transport(int node, SimulatedProcess process) {
    return new NodeTransport(node, process);
  }

  private boolean happens(int perMillion) {
    return random.nextInt(PER_MILLION) < perMillion;
  }

  /** Brings a message to the other side; {@code lost} runs if it does not arrive and the sender gets to know. */
  private void send(int from, int to, Runnable arrives, Runnable lost) {
    Link link = new Link(from, to);
    if (from == to) {
      scheduler.after(1 + random.nextLong(LATENCY_NANOS_MIN), arrives);
      return;
    }
    long at = scheduler.nowNanos() + random.nextLong(LATENCY_NANOS_MIN, LATENCY_NANOS_MAX);
    boolean drops = happens(dropPerMillion);
    if (drops || cut.contains(link)) {
      if (drops) {
        faults.hit(Fault.DROP);
      }
      trace.line(scheduler.nowNanos(), "network", () -> "loses a message from " + from + " to " + to);
      if (random.nextBoolean()) {
        scheduler.at(at, lost);
      }
      return;
    }
    if (happens(delayPerMillion)) {
      faults.hit(Fault.DELAY);
      at += random.nextLong(DELAY_NANOS_MAX);
    }
    at = Math.max(at, cloggedUntil.getOrDefault(link, 0L) + random.nextLong(LATENCY_NANOS_MIN));
    if (at < newestArrival.getOrDefault(link, 0L)) {
      faults.hit(Fault.REORDER);
    }
    newestArrival.merge(link, at, Math::max);
    scheduler.at(at, arrives);
    if (happens(duplicatePerMillion)) {
      faults.hit(Fault.DUPLICATE);
      scheduler.at(at + random.nextLong(SECOND_DELIVERY_NANOS_MAX), arrives);
    }
  }

  /** Whom a message reaches that is sent now: a connection is with one process, and ends with it. Null if nobody is there. */
  private Served choose(int to) {
    List<Served> serving = served.getOrDefault(to, List.of()).stream().filter(each -> !each.process.isDead()).toList();
    return serving.isEmpty() ? null : serving.get(serving.size() == 1 ? 0 : random.nextInt(serving.size()));
  }

  /** A connection from a process to who is called, or to where the wire leads; null if nobody is there, or who is there is not the one. */
  private Connection connect(int from, SimulatedProcess caller, int to) {
    Served called = choose(to);
    Connection before = called == null ? null : connections.get(new Ends(caller, to, called.process));
    if (called == null || before != null && !before.session.isBroken()) {
      return before;
    }
    Fault attack = from == to ? null : adversary.onConnection(from);
    int reached = attack == Fault.REDIRECT ? 1 + to % SimulatedCluster.SIZE : to;
    Served there = attack == Fault.REDIRECT ? choose(reached) : called;
    if (there == null) {
      return null;
    }
    SimulatedIdentities.Kind shown = attack == Fault.MAN_IN_THE_MIDDLE ? SimulatedIdentities.Kind.FOREIGN
        : attack == Fault.STALE_IDENTITY ? SimulatedIdentities.Kind.STALE : SimulatedIdentities.Kind.VALID;
    if (SimulatedIdentities.check(control, to, shown, reached).isEmpty()) {
      trace.line(scheduler.nowNanos(), "node " + from, () -> "does not talk to who answers in the place of node " + to + ": " + attack);
      return null;
    }
    Connection made = new Connection(
        new SealedSession(control, keys), there, shown != SimulatedIdentities.Kind.VALID);
    connections.put(new Ends(caller, to, called.process), made);
    return made;
  }

  /** Nobody may find this in what he has of a message. */
  private void watchForPlaintext(byte[] bytes) {
    if (Canaries.isPlain(bytes)) {
      scheduler.violated("plaintext is on the wire");
    }
  }

  private Envelope onTheWire(Connection connection, int from, int to, Envelope sealed, Envelope request) {
    if (from == to) {
      return sealed;
    }
    watchForPlaintext(sealed.sealed());
    return adversary.onMessage(connection.session, from, to, sealed, request);
  }

  private void deliver(int from, int to, Connection connection, Envelope arrived, byte[][] opened, Call call) {
    Served there = connection.there;
    if (there.process.isDead() || connection.session.isBroken()) {
      send(to, from, call::fail, call::fail);
      return;
    }
    // A message that comes twice is the network's, which does more here than it could below TLS.
    byte[] request = opened[0] == null ? connection.session.open(arrived, false, arrived.call()) : opened[0];
    opened[0] = request;
    if (request == null) {
      trace.line(scheduler.nowNanos(), "node " + to, () -> "cannot open what comes as from node " + from);
      connection.session.breakUp();
      return;
    }
    if (connection.middle) {
      watchForPlaintext(request);
    }
    handle(from, to, connection, arrived, request, call);
  }

  private void handle(int from, int to, Connection connection, Envelope asked, byte[] request, Call call) {
    Served there = connection.there;
    there.process.start(() -> {
      try {
        byte[] reply = there.handler.handle(new Peer(from), request.clone());
        trace.mix(reply);
        trace.line(scheduler.nowNanos(), "node " + to, () -> "answers node " + from + ": " + Messages.describeReply(request, reply));
        byte[] said = connection.middle ? adversary.inTheMiddle(request, reply) : reply;
        Envelope arrives = onTheWire(connection, to, from, connection.session.seal(true, asked.call(), said), asked);
        send(to, from, () -> answer(from, connection, arrives, call), call::fail);
      } catch (KvException e) {
        trace.line(scheduler.nowNanos(), "node " + to, () -> "breaks the connection to node " + from + ": " + e);
        send(to, from, call::fail, call::fail);
      }
    });
  }

  private void answer(int caller, Connection connection, Envelope arrived, Call call) {
    byte[] reply = connection.session.isBroken() ? null : connection.session.open(arrived, true, arrived.call());
    if (reply != null) {
      call.answer(reply, connection.there.process);
    } else if (!connection.session.isBroken()) {
      trace.line(scheduler.nowNanos(), "node " + caller, () -> "cannot open an answer");
      connection.session.breakUp();
    }
  }

  private final class NodeTransport implements Transport {

    private final int node;
    private final SimulatedProcess process;
    private boolean closed;

    NodeTransport(int node, SimulatedProcess process) {
      this.node = node;
      this.process = process;
    }

    @Override
    public byte[] call(int to, byte[] request, long timeoutNanos) {
      if (closed) {
        throw new KvException.Closed(ErrorCode.STORE_CLOSED, "node " + node + " has ended");
      }
      trace.mix(request);
      trace.line(scheduler.nowNanos(), "node " + node, () -> "asks node " + to + ": " + Messages.describe(request));
      byte[] sent = request.clone();
      Call call = new Call();
      Connection connection = connect(node, process, to);
      Runnable fails = () -> scheduler.after(LATENCY_NANOS_MIN, call::fail);
      if (to != node && Service.of(sent).filter(service -> kept.contains(new Kept(node, service))).isPresent()) {
        trace.line(scheduler.nowNanos(), "network", () -> "keeps a message from " + node + " to " + to);
        fails.run();
      } else if (connection == null) {
        send(node, to, () -> send(to, node, call::fail, call::fail), call::fail);
      } else {
        connection.session.whenBroken(fails);
        Envelope sealed = connection.session.seal(false, connection.session.nextCall(), sent);
        Envelope arrives = onTheWire(connection, node, to, sealed, null);
        byte[][] opened = new byte[1][];
        send(node, to, () -> deliver(node, to, connection, arrives, opened, call), call::fail);
      }
      long deadline = scheduler.nowNanos() + timeoutNanos;
      deadline = deadline < 0 ? Long.MAX_VALUE : deadline;
      while (call.reply == null && !call.broken && scheduler.nowNanos() < deadline && !call.caller.isInterrupted()) {
        scheduler.parkUntil(this, deadline);
      }
      if (connection != null) {
        connection.session.forget(fails);
      }
      if (call.reply == null || closed) {
        throw new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, "node " + to + " does not answer");
      }
      watcher.answered(node, process, to, call.answeredBy, sent, call.reply);
      return call.reply;
    }

    @Override
    public void serve(Handler handler) {
      List<Served> serving = served.computeIfAbsent(node, _ -> new ArrayList<>());
      serving.removeIf(each -> each.process.isDead());
      serving.add(new Served(process, handler));
    }

    @Override
    public void close() {
      closed = true;
      served.getOrDefault(node, new ArrayList<>()).removeIf(each -> each.process == process);
    }
  }
}
