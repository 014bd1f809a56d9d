package org.treatydb.dist.simulation;

import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.crash.Survival;

/** One run of a cluster in a simulated world. Everything in it follows from its plan. */
final class Simulation {

  private static final long SECOND = 1_000_000_000;
  private static final long PAUSE_NANOS = SECOND / 5;
  private static final long STARTING_SECONDS_MAX = 60;
  private static final long WORKING_SECONDS_MAX = 240;
  private static final long HEALING_SECONDS_MAX = 240;

  /**
   * What has come of a run.
   *
   * @param violation what must not happen and has; null if nothing has
   * @param struck the numbers of the faults that have happened
   * @param hash of all that has happened, in its order
   */
  record Result(
      Plan plan, String violation, Set<Integer> struck, long hash, long steps, long simulatedNanos, long transactions, FaultCounts faults) {

    String replayCommand() {
      return "distributed/bin/sim " + plan.options();
    }

    String describe() {
      String run = String.format(Locale.ROOT, "%s: %s, %d transactions, %d steps in %.1f simulated s, faults %s, hash %016x",
          plan.options(), plan.workload(), transactions, steps, simulatedNanos / 1e9, faults, hash);
      return violation == null ? run : "FAILED " + run + "\n" + violation.strip() + "\nreplay with: " + replayCommand();
    }
  }

  private final World world;
  private final Plan plan;
  private final SimulatedCluster cluster;
  private final Clients clients;
  private final Nemesis nemesis;
  private final DirectedAttacks directed;
  private final RangeMover mover;

  private Simulation(Plan plan, Consumer<String> lines) {
    this.plan = plan;
    this.world = new World(plan, lines);
    this.cluster = new SimulatedCluster(world);
    this.clients = new Clients(world, cluster, plan);
    this.nemesis = new Nemesis(world, cluster, plan);
    this.directed = new DirectedAttacks(world, cluster, clients, plan);
    this.mover = new RangeMover(world, cluster, plan.workload());
  }

  static Result run(Plan plan) {
    return run(plan, null);
  }

  /** {@code lines}: gets what happens, for people; null if nobody reads. */
  static Result run(Plan plan, Consumer<String> lines) {
    Simulation simulation = new Simulation(plan, lines);
    String violation = simulation.run();
    World world = simulation.world;
    world.trace.mix(world.scheduler.nowNanos());
    return new Result(
        plan, violation, simulation.nemesis.struck(), world.trace.hash(), world.scheduler.steps(), world.scheduler.nowNanos(),
        simulation.clients.tried(), world.faults);
  }

  private String run() {
    try {
      cluster.boot();
      if (!within(STARTING_SECONDS_MAX, () -> cluster.allServe() && cluster.mayCrash())) {
        return failed("the cluster does not start: " + cluster.unrest());
      }
      clients.prepare();
      clients.goOnWhile(directed::isPlaying);
      clients.start();
      nemesis.start();
      directed.start();
      if (plan.moves()) {
        mover.start();
      }
      within(WORKING_SECONDS_MAX, () -> clients.areDone() || cluster.isFenced());
      directed.stop();
      nemesis.stop();
      mover.stop();
      // A copy of a node that was fenced learns it when it writes: worksAt does.
      boolean heals = within(
          HEALING_SECONDS_MAX, () -> cluster.isFenced() || areDone() && cluster.isAtRest());
      if (cluster.isFenced()) {
        clients.abandon();
        return checked();
      }
      if (!heals) {
        return failed("after all has healed something stays: " + (areDone() ? "" : "somebody waits; ") + cluster.unrest());
      }
      for (int id = 1; id <= SimulatedCluster.SIZE && !cluster.isFenced(); id++) {
        if (!worksAt(id)) {
          return failed("node " + id + " does not work any more");
        }
      }
      if (cluster.isFenced()) {
        clients.abandon();
      }
      return checked();
    } catch (AssertionError | RuntimeException e) {
      return failed(Failures.describe(e));
    } finally {
      cluster.nodes().forEach(each -> each.crash(Survival.EVERYTHING));
    }
  }

  private boolean areDone() {
    return clients.areDone() && directed.areDone() && !mover.isMoving();
  }

  /** Whether a transaction over all nodes can be committed at that node, and everything read; or it turns out that one is to be fenced. */
  private boolean worksAt(int id) {
    boolean[] done = {false};
    boolean[] tried = {true};
    return within(HEALING_SECONDS_MAX, () -> {
      SimulatedNode node = cluster.node(id);
      if (tried[0] && node.isServing()) {
        tried[0] = false;
        Runnable again = () -> tried[0] = true;
        node.process.whenDead(again);
        node.process.start(() -> {
          try {
            clients.writeEverywhere(node);
            clients.readEverything(node);
            done[0] = true;
          } catch (KvException e) {
            world.line(node.name(), "cannot do everything yet: " + e);
          } finally {
            node.process.forget(again);
            world.scheduler.after(PAUSE_NANOS, again);
          }
        });
      }
      return done[0] || cluster.isFenced();
    });
  }

  private String checked() {
    clients.check();
    for (SimulatedNode each : cluster.nodes()) {
      each.disk.seen().check();
      if (each.disk.image().isPlain()) {
        return failed("plaintext lies on the disk of " + each.name());
      }
    }
    return failed(null);
  }

  private boolean within(long seconds, BooleanSupplier condition) {
    return world.scheduler.runUntil(world.scheduler.nowNanos() + seconds * SECOND, condition);
  }

  /** What the world has noticed itself comes first: it is nearer to the cause. */
  private String failed(String otherwise) {
    return world.scheduler.failures().isEmpty() ? otherwise : String.join("; ", world.scheduler.failures());
  }
}
