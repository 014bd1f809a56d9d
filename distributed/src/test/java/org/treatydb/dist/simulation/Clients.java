package org.treatydb.dist.simulation;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.workload.Workload;

/** Clients that run the workload's transactions at any of the nodes, one at a time each. They live in the nodes' processes. */
final class Clients {

  private static final long THINKING_NANOS_MAX = 60_000_000;
  private static final long PREPARING_SECONDS_MAX = 60;

  /** A key and a value that nobody may find on a disk. */
  static final byte[] CANARY = "plaintext in the open".getBytes(StandardCharsets.US_ASCII);

  private static final String CANARY_TEXT = new String(CANARY, StandardCharsets.ISO_8859_1);
  private static final int CANARY_RARITY = 4;
  private static final int CANARIES = 40;
  /** So long that a node has several leaves. */
  private static final int CANARY_MORE_MAX = 3_000;

  private final World world;
  private final SimulatedCluster cluster;
  private final Plan plan;
  private final HistoryRecorder recorder = new HistoryRecorder();
  private final Workload workload;
  private final SimulatedProcess process;
  private int left;
  private int running;
  private long tried;

  Clients(World world, SimulatedCluster cluster, Plan plan) {
    this.world = world;
    this.cluster = cluster;
    this.plan = plan;
    this.workload = plan.workload().create(recorder, 0);
    this.process = new SimulatedProcess(world.scheduler, "clients");
    this.left = plan.transactions();
  }

  /** Whether what clients write can be read in these bytes. */
  static boolean isPlain(byte[] bytes) {
    return bytes.length >= CANARY.length && new String(bytes, StandardCharsets.ISO_8859_1).contains(CANARY_TEXT);
  }

  /** Puts in place what the workload needs; the world is still sound. */
  void prepare() {
    boolean[] done = {false};
    SimulatedNode first = cluster.node(1);
    first.process.start(() -> {
      workload.prepare(first.clients());
      first.clients().run(transaction -> {
        transaction.put(CANARY, CANARY);
        return null;
      });
      done[0] = true;
    });
    if (!world.scheduler.runUntil(world.scheduler.nowNanos() + PREPARING_SECONDS_MAX * 1_000_000_000, () -> done[0])) {
      world.scheduler.violated("the workload cannot be prepared");
    }
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
    while (left > 0) {
      left--;
      world.scheduler.sleep(1 + random.nextLong(THINKING_NANOS_MAX));
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
          writeCanary(store, random);
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

  /** Writes what nobody may find anywhere, at each node. */
  private static void writeCanary(KvStore store, Random random) {
    byte[] value = new byte[CANARY.length + random.nextInt(CANARY_MORE_MAX)];
    random.nextBytes(value);
    System.arraycopy(CANARY, 0, value, 0, CANARY.length);
    byte which = (byte) (SimulatedCluster.SIZE + 1 + random.nextInt(CANARIES));
    try {
      store.run(transaction -> {
        for (int i = 0; i < SimulatedCluster.SIZE; i++) {
          transaction.put(new byte[] {'l', 'i', 's', 't', '/', 0, 0, 0, (byte) i, which}, value);
        }
        return null;
      });
    } catch (KvException.Retryable | KvException.UnknownOutcome e) {
      // Then it is there or not.
    }
  }

  /** Writes a key of each node, in one transaction: keys that no list has. */
  void writeEverywhere(SimulatedNode node) {
    node.clients().run(transaction -> {
      for (int i = 0; i < SimulatedCluster.SIZE; i++) {
        transaction.put(new byte[] {'l', 'i', 's', 't', '/', 0, 0, 0, (byte) i, (byte) node.id()}, new byte[1]);
      }
      return null;
    });
  }

  /** Reads everything, at each node; to be called when everything works again. */
  void readEverything(SimulatedNode node) {
    workload.readEverything(node.clients());
  }

  /** Throws if what clients have seen cannot be. */
  void check() {
    plan.workload().check(recorder.history());
  }

  HistoryRecorder recorder() {
    return recorder;
  }
}
