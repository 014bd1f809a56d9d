package org.treatydb.dist.simulation;

import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.workload.Workload;

/** Clients that run the workload's transactions at any of the nodes, one at a time each. They live in the nodes' processes. */
final class Clients {

  private static final long THINKING_NANOS_MAX = 60_000_000;
  private static final long MORE_THINKING_NANOS_MAX = 600_000_000;
  private static final int MORE_MAX = 60;
  private static final long PREPARING_SECONDS_MAX = 60;

  private static final int CANARY_RARITY = 4;
  private static final int[] EVERYWHERE = IntStream.range(0, SimulatedCluster.SIZE).toArray();

  private final World world;
  private final SimulatedCluster cluster;
  private final Plan plan;
  private final HistoryRecorder recorder = new HistoryRecorder();
  private final Workload workload;
  private final Canaries canaries;
  private final SimulatedProcess process;
  private BooleanSupplier moreAreWanted = () -> false;
  private int left;
  private int more = MORE_MAX;
  private int running;
  private long tried;

  Clients(World world, SimulatedCluster cluster, Plan plan) {
    this.world = world;
    this.cluster = cluster;
    this.plan = plan;
    this.workload = plan.workload().create(recorder, 0);
    this.canaries = new Canaries(world.scheduler);
    this.process = new SimulatedProcess(world.scheduler, "clients");
    this.left = plan.transactions();
  }

  /** Puts in place what the workload needs; the world is still sound. */
  void prepare() {
    boolean[] done = {false};
    SimulatedNode first = cluster.node(1);
    first.process.start(() -> {
      workload.prepare(first.clients());
      first.clients().run(transaction -> {
        Canaries.writeOneAsKey(transaction);
        return null;
      });
      done[0] = true;
    });
    if (!world.scheduler.runUntil(world.scheduler.nowNanos() + PREPARING_SECONDS_MAX * 1_000_000_000, () -> done[0])) {
      world.scheduler.violated("the workload cannot be prepared");
    }
  }

  /** {@code whether}: there is more to be seen of transactions, so that clients go on for a while when they have done all. */
  void goOnWhile(BooleanSupplier whether) {
    moreAreWanted = whether;
  }

  void start() {
    for (int client = 0; client < plan.clients(); client++) {
      int number = client;
      running++;
      process.start(() -> {
        run(number, world.chance("client " + number));
        running--;
      });
    }
  }

  /** Nobody goes on: what is under way is of unknown outcome. */
  void abandon() {
    process.kill();
    for (int client = 0; client < plan.clients(); client++) {
      recorder.lost(client);
    }
  }

  boolean areDone() {
    return running == 0;
  }

  long tried() {
    return tried;
  }

  private void run(int client, Random random) {
    while (left > 0 || moreAreWanted.getAsBoolean() && more > 0) {
      boolean isMore = left == 0;
      left -= isMore ? 0 : 1;
      more -= isMore ? 1 : 0;
      world.scheduler.sleep(1 + random.nextLong(isMore ? MORE_THINKING_NANOS_MAX : THINKING_NANOS_MAX));
      SimulatedNode node = cluster.asClientsSee(1 + random.nextInt(SimulatedCluster.SIZE), random);
      if (node.isServing()) {
        tried++;
        attempt(node, client, random);
      }
    }
  }

  /** One transaction, by a thread of the node's process; it may end with that. */
  private void attempt(SimulatedNode node, int client, Random random) {
    Thread waiting = Thread.currentThread();
    SimulatedProcess there = node.process;
    KvStore store = node.clients();
    boolean[] over = {false};
    Runnable ends = () -> {
      over[0] = true;
      LockSupport.unpark(waiting);
    };
    Runnable lost = () -> {
      recorder.lost(client);
      ends.run();
    };
    there.whenDead(lost);
    there.start(() -> {
      try {
        if (random.nextInt(CANARY_RARITY) == 0) {
          canaries.write(store, random, EVERYWHERE);
        }
        workload.step(store, client, random);
      } catch (KvException.IntegrityViolation e) {
        world.line(node.name(), "refuses to serve: " + e);
      } catch (KvException.Unavailable e) {
        world.line(node.name(), "has failed: " + e);
      } finally {
        there.forget(lost);
        ends.run();
      }
    });
    while (!over[0]) {
      LockSupport.park(this);
    }
  }

  /** So many more clients come at once, each for one transaction with keys in one place. */
  void burst(SimulatedNode node, int count, Random random) {
    KvStore store = node.clients();
    for (int i = 0; i < count && store != null; i++) {
      long seed = random.nextLong();
      int place = random.nextInt(SimulatedCluster.SIZE);
      node.process.start(() -> {
        try {
          canaries.write(store, new Random(seed), place);
        } catch (KvException.IntegrityViolation | KvException.Unavailable e) {
          world.line(node.name(), "does not serve more clients: " + e);
        }
      });
    }
  }

  /** Writes a key of each node, in one transaction: keys that no list has. */
  void writeEverywhere(SimulatedNode node) {
    node.clients().run(transaction -> {
      for (int i = 0; i < SimulatedCluster.SIZE; i++) {
        transaction.put(Canaries.key(i, node.id()), new byte[1]);
      }
      return null;
    });
  }

  /** Reads everything, at each node; to be called when everything works again. */
  void readEverything(SimulatedNode node) {
    workload.readEverything(node.clients());
    canaries.readAll(node.clients());
  }

  /** Throws if what clients have seen cannot be. */
  void check() {
    plan.workload().check(recorder.history());
  }

  HistoryRecorder recorder() {
    return recorder;
  }
}
