package org.treatydb.dist.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.treatydb.kv.crash.Survival;

/**
 * Has things go wrong, at random times, at rates that change. Never so much at once that the cluster could not go on without an operator:
 * at most one node is down at a time, and only once the others hold each other's counters.
 */
final class Nemesis {

  private static final long SECOND = 1_000_000_000;
  private static final long MILLI = 1_000_000;
  private static final int PHASE_FAULTS_MAX = 8;
  private static final int WIRE_ATTACKS_MAX = 6;

  private final World world;
  private final SimulatedCluster cluster;
  private final Plan plan;
  private final Random random;
  private final SimulatedProcess process;
  private final DiskAdversary adversary;
  private final Set<Fault> possible;
  private final Set<Integer> struck = new TreeSet<>();
  private final List<Fault> likely = new ArrayList<>();
  private long pauseNanosMax = SECOND;
  private Random chance;
  private int faults;
  private boolean stopped;

  Nemesis(World world, SimulatedCluster cluster, Plan plan) {
    this.world = world;
    this.cluster = cluster;
    this.plan = plan;
    this.possible = plan.possible();
    this.random = world.chance("nemesis");
    this.adversary = new DiskAdversary(world.chance("adversary"));
    this.process = new SimulatedProcess(world.scheduler, "nemesis");
  }

  void start() {
    cluster.whenTwinEnds(this::onOtherPast);
    if (plan.faultsMax() > 0) {
      process.start(this::run);
    }
  }

  /** Nothing more goes wrong, and what went wrong ends. */
  void stop() {
    stopped = true;
    world.network.heal();
    for (SimulatedNode each : cluster.nodes()) {
      each.disk.setFull(false);
      each.disk.failSoon(0);
      each.process.slownessNanosMax = 0;
      each.process.resume();
    }
  }

  /** The numbers of the faults that have happened. */
  Set<Integer> struck() {
    return struck;
  }

  private void run() {
    while (!stopped && faults < plan.faultsMax()) {
      newPhase();
      for (int i = random.nextInt(PHASE_FAULTS_MAX); i >= 0 && !stopped && faults < plan.faultsMax(); i--) {
        world.scheduler.sleep(1 + random.nextLong(pauseNanosMax));
        if (!stopped && !likely.isEmpty()) {
          Fault drawn = likely.get(random.nextInt(likely.size()));
          // Each has a chance of its own, so that without one of them the others stay as they are.
          chance = new Random(random.nextLong());
          faults++;
          if (plan.allowed().contains(drawn) && plan.has(faults)) {
            strike(drawn);
          }
        }
      }
    }
  }

  /** From now on other things go wrong, and more or less often. */
  private void newPhase() {
    likely.clear();
    for (Fault each : possible) {
      if (random.nextInt(3) == 0) {
        likely.add(each);
      }
    }
    pauseNanosMax = 20 * MILLI << random.nextInt(7);
    world.network.dropPerMillion = rate(Fault.DROP, 100_000);
    world.network.delayPerMillion = rate(Fault.DELAY, 100_000);
    world.network.duplicatePerMillion = rate(Fault.DUPLICATE, 200_000);
  }

  private int rate(Fault fault, int most) {
    int rate = random.nextInt(most) >> random.nextInt(6);
    return random.nextBoolean() && plan.allowed().contains(fault) ? rate : 0;
  }

  private SimulatedNode any() {
    return cluster.nodes().get(chance.nextInt(cluster.nodes().size()));
  }

  private void strike(Fault fault) {
    SimulatedNode node = any();
    if (possible.contains(Fault.ROLLBACK) && chance.nextInt(4) == 0) {
      adversary.copy(node.id(), node.disk.image());
    }
    long duration = 1 + chance.nextLong(20 * MILLI << chance.nextInt(9));
    switch (fault) {
      case CRASH, POWER_CUT, CRASH_IN_RECOVERY -> crash(fault, node);
      case PAUSE -> {
        if (!node.process.isDead()) {
          note(fault, node);
          SimulatedProcess paused = node.process;
          paused.pause();
          world.scheduler.after(duration, paused::resume);
        }
      }
      case SLOW -> {
        note(fault, node);
        SimulatedProcess slow = node.process;
        slow.slownessNanosMax = 1 + chance.nextLong(3 * MILLI);
        world.scheduler.after(duration, () -> slow.slownessNanosMax = 0);
      }
      case CLOCK_JUMP -> {
        note(fault, node);
        long millis = chance.nextInt(10) == 0 ? 3_600_000 : 5_000;
        node.clock.jump(chance.nextLong(2 * millis) - millis);
      }
      case IO_ERROR -> {
        if (cluster.mayCrash()) {
          note(fault, node);
          node.disk.failSoon(1 + chance.nextInt(40));
        }
      }
      case DISK_FULL -> {
        if (cluster.mayCrash()) {
          note(fault, node);
          node.disk.setFull(true);
          world.scheduler.after(duration, () -> node.disk.setFull(false));
        }
      }
      case ONE_WAY_PARTITION -> {
        int other = 1 + chance.nextInt(SimulatedCluster.SIZE);
        if (other != node.id()) {
          note(fault, node);
          world.network.cut(node.id(), other);
          if (chance.nextBoolean()) {
            world.network.cut(other, node.id());
          }
          world.scheduler.after(duration, () -> {
            world.network.mend(node.id(), other);
            world.network.mend(other, node.id());
          });
        }
      }
      case CLOG -> {
        int other = 1 + chance.nextInt(SimulatedCluster.SIZE);
        if (other != node.id()) {
          note(fault, node);
          world.network.clog(node.id(), other, duration);
        }
      }
      case BIT_FLIP, TRUNCATE, DELETE, REPLAY_BLOCK, REPLAY_FILE, ROLLBACK, SWAP_BLOCKS, SWAP_FILES_OF_NODES, APPEND_OLD, OLD_LEAVES ->
          attack(fault, node);
      case SWAP_LEAVES -> swapLeaves();
      case OTHER_PAST -> {
        if (adversary.knowsOtherPast(node.id())) {
          attack(fault, node);
        }
      }
      case TAMPER, REPLAY_IN_SESSION, REPLAY_ACROSS_SESSIONS, REFLECT, REDIRECT, MAN_IN_THE_MIDDLE, STALE_IDENTITY ->
          attackWire(fault, node);
      case FORK -> {
        if (cluster.mayCrash()) {
          note(fault, node);
          cluster.fork(node);
        }
      }
      default -> { }
    }
  }

  /** What a copy of a node has written is the nearest to the truth as long as the node has not gone on: so that is put there at once. */
  private void onOtherPast(SimulatedNode left, SimulatedDisk.Image other) {
    adversary.keepOtherPast(left.id(), other);
    if (!stopped && plan.allowed().contains(Fault.OTHER_PAST) && plan.has(faults)) {
      attack(Fault.OTHER_PAST, left);
    }
  }

  private void swapLeaves() {
    cluster.nodes().stream().filter(each -> each.disk.image().hasLikeLeaves()).findFirst()
        .ifPresent(each -> attack(Fault.SWAP_LEAVES, each));
  }

  private void attackWire(Fault attack, SimulatedNode node) {
    describe(attack, node);
    world.network.adversary.order(attack, node.id(), 1 + chance.nextInt(WIRE_ATTACKS_MAX));
    if (!WireAdversary.ON_MESSAGES.contains(attack)) {
      world.network.disconnect(node.process);
    }
  }

  private void attack(Fault attack, SimulatedNode node) {
    adversary.copy(node.id(), node.disk.image());
    if (cluster.mayCrash()) {
      note(attack, node);
      SimulatedNode other = cluster.nodes().get(node.id() % SimulatedCluster.SIZE);
      cluster.attack(node, image -> adversary.attack(attack, node.id(), image, other.disk.image()));
    }
  }

  private void describe(Fault fault, SimulatedNode node) {
    struck.add(faults);
    world.line("nemesis", "fault " + faults + ": " + fault + " at " + node.name());
  }

  private void note(Fault fault, SimulatedNode node) {
    describe(fault, node);
    if (fault != Fault.IO_ERROR && fault != Fault.DISK_FULL && fault != Fault.ONE_WAY_PARTITION && fault != Fault.CLOG) {
      world.faults.hit(fault);
    }
  }

  private void crash(Fault fault, SimulatedNode node) {
    boolean recovers = !node.process.isDead() && !node.isServing();
    if (fault == Fault.CRASH_IN_RECOVERY ? !recovers || !cluster.mayCrashInRecovery() : !cluster.mayCrash()) {
      return;
    }
    note(fault, node);
    Survival survival = Survival.EVERYTHING;
    if (fault != Fault.CRASH && (fault == Fault.POWER_CUT || chance.nextBoolean())) {
      survival = chance.nextInt(4) == 0 ? Survival.NOTHING : Survival.random(chance.nextLong());
      world.faults.hit(Fault.UNSYNCED_LOST);
    }
    cluster.crash(node, survival);
  }
}
