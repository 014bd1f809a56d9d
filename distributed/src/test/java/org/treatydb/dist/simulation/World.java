package org.treatydb.dist.simulation;

import java.util.Random;
import java.util.function.Consumer;
import org.treatydb.dist.cluster.WorkloadShards;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.boundary.Entropy;

/** What all of one simulated world shares: time, chance, the network, what has gone wrong. Everything follows from the seed. */
final class World {

  private static final ShardMap MANY_SHARDS = WorkloadShards.over(SimulatedCluster.SIZE);
  /** So that most moves move something. */
  private static final ShardMap FEW_SHARDS = WorkloadShards.over(SimulatedCluster.SIZE, 12);

  final Trace trace;
  final Scheduler scheduler;
  final FaultCounts faults = new FaultCounts();
  final SimulatedNetwork network;
  final SimulatedShards shards;
  final Control control;
  private final long seed;

  World(Plan plan, Consumer<String> lines) {
    this.seed = plan.seed();
    this.control = plan.control();
    this.trace = new Trace(lines);
    this.scheduler = new Scheduler(chance("scheduler"), trace);
    this.network = new SimulatedNetwork(
        scheduler, chance("network"), chance("sessions"), new WireAdversary(chance("wire"), faults), control, trace, faults);
    this.shards = new SimulatedShards(scheduler, chance("shards"), network, trace, plan.moves() ? FEW_SHARDS : MANY_SHARDS);
  }

  /** Chance for one purpose, independent of all others': so one purpose can be changed without changing the others. */
  Random chance(String purpose) {
    return new Random(seed * 0x9E3779B97F4A7C15L + purpose.hashCode());
  }

  Entropy entropy(String purpose) {
    Random random = chance(purpose);
    return length -> {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    };
  }

  void line(String who, String what) {
    trace.line(scheduler.nowNanos(), who, () -> what);
  }
}
