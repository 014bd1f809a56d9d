package org.treatydb.dist.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.dist.simulation.SimulatedDisk.Image;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.crash.Survival;

/** Plays a {@link Scenario}: steps that chance alone would hardly ever put together, each at its moment. */
final class DirectedAttacks {

  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000_000_000;
  private static final long LOOK_NANOS = MILLI;
  private static final int TIMES_MAX = 3;
  private static final int MORE_CLIENTS = 24;

  private final World world;
  private final SimulatedCluster cluster;
  private final Clients clients;
  private final Plan plan;
  private final Random random;
  private final SimulatedProcess process;
  private boolean stopped;
  private boolean running;
  private boolean playing;

  DirectedAttacks(World world, SimulatedCluster cluster, Clients clients, Plan plan) {
    this.world = world;
    this.cluster = cluster;
    this.clients = clients;
    this.plan = plan;
    this.random = world.chance("scenario");
    this.process = new SimulatedProcess(world.scheduler, "scenario");
  }

  void start() {
    if (plan.scenario() != Scenario.NONE) {
      running = true;
      process.start(this::run);
    }
  }

  /** Nothing more begins. */
  void stop() {
    stopped = true;
  }

  /** Whether steps of a scenario are under way. */
  boolean isPlaying() {
    return playing && !stopped;
  }

  boolean areDone() {
    return !running;
  }

  private void run() {
    for (int i = 0; i < TIMES_MAX && !stopped; i++) {
      world.scheduler.sleep(1 + random.nextLong(400 * MILLI));
      if (await(10 * SECOND, cluster::reserve)) {
        playing = true;
        play(cluster.node(1 + random.nextInt(SimulatedCluster.SIZE)));
        playing = false;
        cluster.release();
      }
    }
    running = false;
  }

  /** Looks again and again; false if it is over before. */
  private boolean await(long nanos, BooleanSupplier condition) {
    long end = world.scheduler.nowNanos() + nanos;
    while (!stopped && !cluster.isFenced() && world.scheduler.nowNanos() < end) {
      if (condition.getAsBoolean()) {
        return true;
      }
      world.scheduler.sleep(LOOK_NANOS);
    }
    return false;
  }

  private void play(SimulatedNode node) {
    switch (plan.scenario()) {
      case UNCONFIRMED_PAST -> unconfirmedPast(node);
      case LIVE_COPY -> liveCopy(node);
      case ADOPTION -> adoption(node);
      case NONE -> { }
    }
  }

  private void note(Fault fault, SimulatedNode node) {
    world.faults.hit(fault);
    world.line("scenario", fault + " at " + node.name());
  }

  /** Has a node's logs go on with nobody counting, and the node crash; what lay on the disk then. */
  private Image unconfirmed(SimulatedNode node) {
    world.line("scenario", "nothing of " + node.name() + " is counted");
    world.network.keep(node.id(), Service.COUNTER);
    clients.burst(node, random.nextInt(MORE_CLIENTS), random);
    world.scheduler.sleep(1 + random.nextLong(20 * MILLI << random.nextInt(6)));
    Image image = node.disk.image();
    world.network.letPass(node.id(), Service.COUNTER);
    crash(node);
    return image;
  }

  private void crash(SimulatedNode node) {
    if (!node.process.isDead()) {
      cluster.crash(node, Survival.EVERYTHING);
    }
  }

  private static Image withWal(Image image, Image past) {
    Map<LogName, TreeMap<Long, byte[]>> logs = new EnumMap<>(image.logs());
    logs.put(LogName.WAL, past.logs().get(LogName.WAL));
    return new Image(logs, image.leaves(), image.countersOfOthers());
  }

  private void unconfirmedPast(SimulatedNode node) {
    long before = node.confirmed.counter(LogName.WAL);
    Image past = unconfirmed(node);
    long records = 1 + random.nextInt(4);
    if (await(5 * SECOND, () -> node.isServing() && node.confirmed.counter(LogName.WAL) >= before + records) && !node.process.isDead()) {
      note(Fault.UNCONFIRMED_PAST, node);
      cluster.attack(node, image -> withWal(image, past));
    }
    await(5 * SECOND, cluster::allServe);
  }

  private void liveCopy(SimulatedNode node) {
    note(Fault.LIVE_COPY, node);
    SimulatedProcess original = node.process;
    long epoch = node.confirmed.epoch();
    if (random.nextBoolean()) {
      clients.burst(node, random.nextInt(MORE_CLIENTS), random);
      world.scheduler.sleep(1 + random.nextLong(5 * MILLI));
    }
    boolean gives = plan.moves() && await(2 * SECOND, () -> world.shards.isAsking(original));
    original.pause();
    SimulatedNode copy = cluster.copyAlive(node);
    await(5 * SECOND, () -> node.confirmed.epoch() > epoch || copy.trouble() != null);
    if (gives && random.nextBoolean()) {
      givesUpMoves(node);
    }
    if (random.nextBoolean()) {
      world.scheduler.sleep(1 + random.nextLong(MILLI << random.nextInt(11)));
    }
    original.resume();
  }

  /** What the original was giving away the copy keeps, as it reaches nobody who would take it. */
  private void givesUpMoves(SimulatedNode node) {
    long version = world.shards.present().version();
    world.network.keep(node.id(), Service.MOVES);
    boolean kept = await(15 * SECOND, () -> world.shards.present().version() > version);
    world.line("scenario", kept ? "a move was given up by the copy" : "no move was given up");
    world.network.letPass(node.id(), Service.MOVES);
    world.scheduler.sleep(1 + random.nextLong(SECOND));
  }

  /** All nodes at once: so nobody remembers any counter. */
  private void adoption(SimulatedNode node) {
    Image past = null;
    if (plan.isAttacked() && random.nextInt(4) > 0) {
      Image kept = unconfirmed(node);
      if (await(5 * SECOND, node::isServing)) {
        clients.burst(node, random.nextInt(MORE_CLIENTS / 2), random);
        long flushes = node.confirmed.counter(LogName.MANIFEST);
        past = await(SECOND, () -> node.confirmed.counter(LogName.MANIFEST) > flushes) ? kept : null;
        world.scheduler.sleep(1 + random.nextLong(10 * MILLI));
      }
    }
    Survival survival = random.nextBoolean() ? Survival.EVERYTHING : Survival.random(random.nextLong());
    cluster.forgetAll();
    for (SimulatedNode each : cluster.nodes()) {
      note(Fault.ADOPTION, each);
      each.adopt();
      if (past != null && each == node && !each.process.isDead()) {
        Image mixed = past;
        note(Fault.ADOPTED_MIX, node);
        cluster.attack(node, image -> withWal(image, mixed));
      } else if (!each.process.isDead()) {
        cluster.crash(each, survival);
      }
    }
    // Whoever hurries them now would need the operator once more.
    long end = world.scheduler.nowNanos() + 60 * SECOND;
    while (!cluster.isSound() && !cluster.isFenced() && world.scheduler.nowNanos() < end) {
      world.scheduler.sleep(LOOK_NANOS);
    }
  }
}
