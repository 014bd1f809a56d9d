package org.treatydb.dist.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.treatydb.dist.cluster.WorkloadShards;
import org.treatydb.dist.enclave.counter.HeldAnswers;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.crash.Survival;

/** Three nodes that keep each other's counters, and somebody who starts those again that have failed. */
final class SimulatedCluster {

  static final int SIZE = 3;

  private static final long LOOK_NANOS = 50_000_000;
  private static final long RESTART_NANOS_MAX = 500_000_000;
  private static final ShardMap SHARDS = WorkloadShards.over(SIZE);

  private record Pair(int node, int member) {}

  private final World world;
  private final Random random;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  /** In which processes a node's counter is known to be held: by the node's, and by the member's. */
  private final Map<Pair, List<SimulatedProcess>> held = new HashMap<>();
  private int restartsUnderWay;

  SimulatedCluster(World world) {
    this.world = world;
    this.random = world.chance("cluster");
    for (int id = 1; id <= SIZE; id++) {
      int own = id;
      List<Integer> others = IntStream.rangeClosed(1, SIZE).filter(other -> other != own).boxed().toList();
      nodes.add(new SimulatedNode(world, id, others, SHARDS));
    }
    world.network.watch((from, to, request, reply, by) -> {
      if (HeldAnswers.saysHeld(request, reply)) {
        held.put(new Pair(from, to), List.of(node(from).process, by));
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
    return restartsUnderWay == 0 && nodes.stream().allMatch(
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

  /** Looks after nodes that have failed. */
  private void look() {
    for (SimulatedNode each : nodes) {
      if (!each.process.isDead()) {
        KvException trouble = each.trouble();
        if (trouble instanceof KvException.IntegrityViolation) {
          world.scheduler.violated(each.name() + " is fenced, and nobody has attacked it: " + Failures.describe(trouble));
        } else if (trouble != null) {
          world.line(each.name(), "has failed: " + trouble);
          crash(each, Survival.EVERYTHING);
        }
      }
    }
    world.scheduler.after(LOOK_NANOS, this::look);
  }

  /** Whether nothing is under way: no transaction in doubt, no lock held. */
  boolean isAtRest() {
    return allServe() && unrest().isEmpty();
  }

  String unrest() {
    return nodes.stream().map(SimulatedNode::unrest).collect(Collectors.joining());
  }
}
