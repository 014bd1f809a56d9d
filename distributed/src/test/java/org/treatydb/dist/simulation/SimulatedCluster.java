package org.treatydb.dist.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.treatydb.dist.enclave.counter.HeldAnswers;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.crash.Survival;

/** Three nodes that keep each other's counters, and somebody who starts those again that have failed. */
final class SimulatedCluster {

  static final int SIZE = 3;

  private static final long LOOK_NANOS = 50_000_000;
  private static final long RESTART_NANOS_MAX = 500_000_000;
  private static final long TWIN_NANOS_MAX = 3_000_000_000L;

  private record Pair(int node, int member) {}

  private final World world;
  private final Random random;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  /** In which processes a node's counter is known to be held: by the node's, and by the member's. */
  private final Map<Pair, List<SimulatedProcess>> held = new HashMap<>();
  private final Map<Integer, SimulatedNode> twins = new TreeMap<>();
  private BiConsumer<SimulatedNode, SimulatedDisk.Image> whenTwinEnds = (_, _) -> { };
  private int restartsUnderWay;
  private boolean isFenced;
  private boolean reserved;
  private boolean adopting;

  SimulatedCluster(World world) {
    this.world = world;
    this.random = world.chance("cluster");
    for (int id = 1; id <= SIZE; id++) {
      int own = id;
      List<Integer> others = IntStream.rangeClosed(1, SIZE).filter(other -> other != own).boxed().toList();
      nodes.add(new SimulatedNode(world, id, others));
    }
    world.network.watch((from, asker, to, by, request, reply) -> {
      if (HeldAnswers.saysHeld(request, reply)) {
        held.put(new Pair(from, to), List.of(asker, by));
      }
    });
  }

  void boot() {
    nodes.forEach(SimulatedNode::boot);
    world.scheduler.after(LOOK_NANOS, this::look);
  }

  List<SimulatedNode> nodes() {
    return nodes;
  }

  SimulatedNode node(int id) {
    return nodes.get(id - 1);
  }

  boolean allServe() {
    return nodes.stream().allMatch(each -> each.isServing() && each.process.state == SimulatedProcess.State.RUNNING);
  }

  /** Whether a node may crash without that anything is forgotten which only an operator could replace. */
  boolean mayCrash() {
    return !reserved && isSound();
  }

  /** Nobody else may have a node crash until {@link #release}; false if it is not the moment for that. */
  boolean reserve() {
    boolean sound = mayCrash();
    reserved |= sound;
    return sound;
  }

  void release() {
    reserved = false;
    adopting = false;
  }

  /** All counters are forgotten, so that whoever ends now would need an operator again. Until {@link #release}. */
  void forgetAll() {
    adopting = true;
  }

  /** Whether a node may crash that recovers. */
  boolean mayCrashInRecovery() {
    return !adopting;
  }

  /** Whether all serve, and count for each other. */
  boolean isSound() {
    return restartsUnderWay == 0 && twins.isEmpty() && !isFenced && nodes.stream().allMatch(
        each -> each.isServing() && each.trouble() == null && !each.disk.isTroubled() && isHeldByAll(each));
  }

  private boolean isHeldByAll(SimulatedNode node) {
    return nodes.stream().filter(member -> member != node).allMatch(
        member -> List.of(node.process, member.process).equals(held.get(new Pair(node.id(), member.id()))));
  }

  /** Ends a node's process; it is started again some time later. */
  void crash(SimulatedNode node, Survival survival) {
    node.crash(survival);
    restartsUnderWay++;
    world.scheduler.after(1 + random.nextLong(RESTART_NANOS_MAX), () -> {
      restartsUnderWay--;
      node.boot();
    });
  }

  /** Changes the disk of a node that is down for it. */
  void attack(SimulatedNode node, UnaryOperator<SimulatedDisk.Image> change) {
    crash(node, Survival.EVERYTHING);
    node.attack(change.apply(node.disk.image()));
  }

  /** {@code then}: is told which node is left of two, and what lies on the disk of the other. */
  void whenTwinEnds(BiConsumer<SimulatedNode, SimulatedDisk.Image> then) {
    whenTwinEnds = then;
  }

  /** Copies a node, and runs both. */
  void fork(SimulatedNode node) {
    crash(node, Survival.EVERYTHING);
    SimulatedNode twin = node.twin();
    twins.put(node.id(), twin);
    restartsUnderWay++;
    world.scheduler.after(1 + random.nextLong(TWIN_NANOS_MAX), () -> {
      restartsUnderWay--;
      twin.boot();
    });
  }

  /** Copies a node that has stopped for a moment, and runs the copy. */
  SimulatedNode copyAlive(SimulatedNode node) {
    SimulatedNode twin = node.twin();
    twins.put(node.id(), twin);
    twin.boot();
    return twin;
  }

  /** A node whose clients think it is that one: its twin now and then, if it has one. */
  SimulatedNode asClientsSee(int id, Random choice) {
    SimulatedNode twin = twins.get(id);
    return twin != null && choice.nextBoolean() ? twin : node(id);
  }

  /** Whether a node was attacked and will not serve any more, by right. */
  boolean isFenced() {
    return isFenced;
  }

  /** Looks after nodes that have failed. */
  private void look() {
    List<SimulatedNode> all = new ArrayList<>(nodes);
    all.addAll(twins.values());
    for (SimulatedNode each : all) {
      if (!each.process.isDead() && each.trouble() != null) {
        world.line(each.name(), "has failed: " + each.trouble());
        lookAfter(each);
      }
    }
    world.scheduler.after(LOOK_NANOS, this::look);
  }

  private void lookAfter(SimulatedNode node) {
    if (!(node.trouble() instanceof KvException.IntegrityViolation)) {
      crash(node, Survival.EVERYTHING);
    } else if (!node.isAttacked()) {
      world.scheduler.violated(node.name() + " is fenced, and nobody has attacked it: " + Failures.describe(node.trouble()));
    } else if (twins.containsKey(node.id())) {
      // One of two that say they are this node has given way: the other one is it.
      SimulatedNode other = twins.remove(node.id());
      node.crash(Survival.EVERYTHING);
      nodes.set(node.id() - 1, other == node ? node(node.id()) : other);
      whenTwinEnds.accept(node(node.id()), node.disk.image());
    } else if (node.undoAttack()) {
      crash(node, Survival.EVERYTHING);
    } else {
      node.crash(Survival.EVERYTHING);
      isFenced = true;
    }
  }

  /** Whether nothing is under way: no transaction in doubt, no lock held. */
  boolean isAtRest() {
    return allServe() && unrest().isEmpty();
  }

  String unrest() {
    return nodes.stream().map(SimulatedNode::unrest).collect(Collectors.joining());
  }
}
