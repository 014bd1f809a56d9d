package org.treatydb.dist.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.treatydb.dist.simulation.SealedSession.Envelope;

/** Owns the wires between the nodes: keeps what passes, changes it, leads connections elsewhere. Has no node's key but old ones. */
final class WireAdversary {

  /** Attacks on messages; the others are on connections. */
  static final Set<Fault> ON_MESSAGES = EnumSet.of(Fault.TAMPER, Fault.REPLAY_IN_SESSION, Fault.REPLAY_ACROSS_SESSIONS, Fault.REFLECT);

  private static final int KEPT_MAX = 32;

  private record Direction(int from, int to, boolean isReply) {}

  private record Kept(SealedSession session, Envelope envelope) {}

  private record Order(Fault attack, int node) {}

  private final Random random;
  private final FaultCounts faults;
  private final List<Order> orders = new ArrayList<>();
  private final Map<Direction, List<Kept>> kept = new HashMap<>();
  private final Map<Integer, byte[]> replies = new HashMap<>();

  WireAdversary(Random random, FaultCounts faults) {
    this.random = random;
    this.faults = faults;
  }

  /** The next so many messages, or connections, of that node meet that attack. */
  void order(Fault attack, int node, int times) {
    for (int i = 0; i < times; i++) {
      orders.add(new Order(attack, node));
    }
  }

  void stop() {
    orders.clear();
  }

  private boolean take(Fault attack, int node) {
    return orders.remove(new Order(attack, node));
  }

  /** How a connection from {@code from} is attacked; null if it is not. */
  Fault onConnection(int from) {
    for (Fault each : List.of(Fault.REDIRECT, Fault.MAN_IN_THE_MIDDLE, Fault.STALE_IDENTITY)) {
      if (take(each, from)) {
        faults.hit(each);
        return each;
      }
    }
    return null;
  }

  /** What arrives of an envelope that one node sends another; {@code request}: that of the same call, if this is the reply. */
  Envelope onMessage(SealedSession session, int from, int to, Envelope sent, Envelope request) {
    Direction direction = new Direction(from, to, sent.isReply());
    List<Kept> before = kept.computeIfAbsent(direction, _ -> new ArrayList<>());
    Envelope arrives = sent;
    if (take(Fault.TAMPER, from)) {
      faults.hit(Fault.TAMPER);
      byte[] bytes = sent.sealed().clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      arrives = new Envelope(sent.isReply(), sent.call(), sent.nonce(), bytes);
    } else if (request != null && take(Fault.REFLECT, from)) {
      faults.hit(Fault.REFLECT);
      arrives = relabelled(request, sent);
    } else {
      arrives = replayed(before, session, sent, from);
    }
    before.add(new Kept(session, sent));
    if (before.size() > KEPT_MAX) {
      before.removeFirst();
    }
    return arrives;
  }

  private Envelope replayed(List<Kept> before, SealedSession session, Envelope sent, int from) {
    for (Fault attack : List.of(Fault.REPLAY_IN_SESSION, Fault.REPLAY_ACROSS_SESSIONS)) {
      List<Kept> fitting = before.stream().filter(each -> each.session == session == (attack == Fault.REPLAY_IN_SESSION)).toList();
      if (!fitting.isEmpty() && take(attack, from)) {
        faults.hit(attack);
        return relabelled(fitting.get(random.nextInt(fitting.size())).envelope, sent);
      }
    }
    return sent;
  }

  private static Envelope relabelled(Envelope old, Envelope as) {
    return new Envelope(as.isReply(), as.call(), old.nonce(), old.sealed());
  }

  /** What somebody in the middle who can read everything makes of a reply: now and then an older one to such a request. */
  byte[] inTheMiddle(byte[] request, byte[] reply) {
    int service = request.length == 0 ? 0 : request[0];
    byte[] old = replies.put(service, reply);
    return old != null && random.nextInt(4) == 0 ? old : reply;
  }
}
