package org.treatydb.dist.simulation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.treatydb.dist.enclave.shard.Shard;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.workload.Workload;

/** An operator who has ranges move, a few neighbours at a time, as long as clients are at work. */
final class RangeMover {

  private static final int SHARDS_MAX = 6;
  private static final int STEP_BYTES_MAX = 4_000;

  private final List<String> words;
  private final World world;
  private final SimulatedCluster cluster;
  private final Random random;
  private final SimulatedProcess process;
  private long pauseNanosMax;
  private boolean stopped;
  private boolean moving;

  RangeMover(World world, SimulatedCluster cluster, Workload.Kind workload) {
    this.words = words(workload);
    this.world = world;
    this.cluster = cluster;
    this.random = world.chance("moves");
    this.process = new SimulatedProcess(world.scheduler, "mover");
  }

  /** Where the keys are of which there is most to be seen. */
  private static List<String> words(Workload.Kind workload) {
    return switch (workload) {
      case LISTS -> List.of("list/");
      case LISTS_IN_RANGES -> List.of("row/");
      case SETS -> List.of("set/");
      case REGISTERS -> List.of("register/");
      case BANK -> List.of("bank/", "receipt/");
      case UNIQUE_NAMES -> List.of("name/");
      case RING -> List.of("ring/", "rewired/");
      case SCHEMA_CHANGES -> List.of("table/", "changed/");
    };
  }

  void start() {
    pauseNanosMax = 20_000_000L << random.nextInt(7);
    process.start(this::run);
  }

  /** No more moves begin. */
  void stop() {
    stopped = true;
  }

  /** Whether one is under way. */
  boolean isMoving() {
    return moving;
  }

  private void run() {
    while (!stopped) {
      world.scheduler.sleep(1 + random.nextLong(pauseNanosMax));
      SimulatedNode node = cluster.node(1 + random.nextInt(SimulatedCluster.SIZE));
      if (!stopped && node.isServing() && !node.process.isDead()) {
        move(node);
      }
    }
  }

  private boolean isBusy(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    return words.stream().anyMatch(text::startsWith);
  }

  private KeyRange range() {
    List<Shard> shards = world.shards.present().shards();
    List<Integer> busy = IntStream.range(0, shards.size()).filter(i -> isBusy(shards.get(i).start())).boxed().toList();
    int first = random.nextInt(4) == 0 || busy.isEmpty() ? random.nextInt(shards.size()) : busy.get(random.nextInt(busy.size()));
    int end = first + 1 + random.nextInt(SHARDS_MAX);
    return new KeyRange(shards.get(first).start(), end < shards.size() ? shards.get(end).start() : null);
  }

  /** Has a node move something, and waits for the end of that, or the node's. */
  private void move(SimulatedNode node) {
    KeyRange range = range();
    int to = 1 + random.nextInt(SimulatedCluster.SIZE);
    int stepBytes = 1 + random.nextInt(STEP_BYTES_MAX);
    Thread waiting = Thread.currentThread();
    SimulatedProcess there = node.process;
    moving = true;
    Runnable ends = () -> {
      moving = false;
      LockSupport.unpark(waiting);
    };
    there.whenDead(ends);
    there.start(() -> {
      try {
        node.node().moves().move(range, to, stepBytes, step -> {
          world.faults.hit(Fault.RANGE_MOVED);
          world.line(node.name(), "has moved " + step.moved() + " from node " + step.from() + " to " + to + ", " + step.rows() + " rows");
        });
      } catch (KvException e) {
        world.line(node.name(), "cannot move " + range + " to node " + to + ": " + e);
      } finally {
        there.forget(ends);
        ends.run();
      }
    });
    while (moving) {
      LockSupport.park(this);
    }
  }
}
