package org.treatydb.dist.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.dist.enclave.shard.ShardMaps;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * The configuration service as far as it keeps the shard map: trusted, of its own power, and reached over a network that loses calls and
 * answers. It serves older boots of a node, too, as long as their connections last. What a process knows of the map may be older.
 */
final class SimulatedShards {

  private static final long NEWS_NANOS = 1_000_000_000;
  private static final long LATENCY_NANOS_MAX = 2_000_000;
  private static final long PATIENCE_NANOS_MAX = 2_000_000_000;
  private static final int LOST_PER_MILLION = 20_000;
  private static final int PER_MILLION = 1_000_000;

  private final Scheduler scheduler;
  private final Random random;
  private final Trace trace;
  private final SimulatedNetwork network;
  private final Map<SimulatedProcess, Integer> asking = new HashMap<>();
  private ShardMap present;

  SimulatedShards(Scheduler scheduler, Random random, SimulatedNetwork network, Trace trace, ShardMap first) {
    this.trace = trace;
    this.scheduler = scheduler;
    this.random = random;
    this.network = network;
    this.present = first;
  }

  ShardMap present() {
    return present;
  }

  /** Whether a process waits for an answer of it. */
  boolean isAsking(SimulatedProcess process) {
    return asking.getOrDefault(process, 0) > 0;
  }

  private void pass() {
    scheduler.sleep(1 + random.nextLong(LATENCY_NANOS_MAX));
    if (random.nextInt(PER_MILLION) < Math.max(LOST_PER_MILLION, network.dropPerMillion)) {
      scheduler.sleep(1 + random.nextLong(PATIENCE_NANOS_MAX));
      throw new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, "the configuration service does not answer");
    }
  }

  private <T> T asked(SimulatedProcess process, Supplier<T> question) {
    asking.merge(process, 1, Integer::sum);
    try {
      pass();
      T answer = question.get();
      pass();
      return answer;
    } finally {
      asking.merge(process, -1, Integer::sum);
    }
  }

  /** A process' view of it: begins with the newest map, as a node that joins does. */
  ShardMaps view(SimulatedProcess process) {
    return new ShardMaps() {

      private ShardMap known = present;
      private long newsNanos = scheduler.nowNanos() + NEWS_NANOS;

      @Override
      public ShardMap get() {
        if (scheduler.nowNanos() >= newsNanos) {
          newsNanos = scheduler.nowNanos() + NEWS_NANOS;
          learn(present);
        }
        return known;
      }

      @Override
      public void learn(ShardMap map) {
        known = map.version() > known.version() ? map : known;
      }

      @Override
      public ShardMap newest() {
        learn(asked(process, () -> present));
        return known;
      }

      @Override
      public boolean publish(ShardMap next) {
        ShardMap told = asked(process, () -> {
          present = next.version() == present.version() + 1 ? next : present;
          trace.line(scheduler.nowNanos(), "shards", () ->
              process.name() + " publishes version " + next.version() + (present == next ? "" : ", in vain"));
          return present;
        });
        learn(told);
        return told == next;
      }
    };
  }
}
