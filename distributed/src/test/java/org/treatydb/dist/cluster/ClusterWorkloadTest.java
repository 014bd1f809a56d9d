package org.treatydb.dist.cluster;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.workload.ChosenConcurrency;
import org.treatydb.kv.workload.ChosenConcurrency.Choice;
import org.treatydb.kv.workload.Workload;
import org.treatydb.kv.workload.WorkloadRun;

/** Random concurrent work over three nodes, each transaction coordinated by any of them, is strictly serializable. */
class ClusterWorkloadTest {

  private final long seed = Long.getLong("seed", System.nanoTime());

  /** More rounds, each with its seed, make a longer run. */
  private final int rounds = Integer.getInteger("workload.rounds", 1);

  @TempDir Path directory;

  static Stream<Arguments> everyKindWithEveryChoice() {
    return Stream.of(Workload.Kind.values()).flatMap(kind -> Stream.of(Choice.values()).map(choice -> arguments(kind, choice)));
  }

  @ParameterizedTest
  @MethodSource("everyKindWithEveryChoice")
  void workOverThreeNodesIsStrictlySerializable(Workload.Kind kind, Choice choice) {
    // The bank's meet most, and wait longest for the ends of deadlocks that no node sees alone.
    int transactions = kind == Workload.Kind.BANK ? 100 : 300;
    for (int round = 0; round < rounds; round++) {
      for (int threads : new int[] {2, 12}) {
        Path place = directory.resolve(round + "-" + threads);
        new WorkloadRun(kind, seed + round, threads, transactions, 1)
            .on(() -> new ChosenConcurrency(new LocalCluster(place, 3, WorkloadShards.over(3)).anyNode(), choice));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyKindWithEveryChoice")
  void workIsStrictlySerializableWhileRangesMove(Workload.Kind kind, Choice choice) {
    for (int round = 0; round < rounds; round++) {
      Path place = directory.resolve("moving-" + round);
      long chosen = seed + round;
      new WorkloadRun(kind, chosen, 6, 120, 1).on(() ->
          new ChosenConcurrency(new MovingRanges(new LocalCluster(place, 3, WorkloadShards.over(3)), chosen), choice));
    }
  }
}
