package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.workload.ChosenConcurrency;
import org.treatydb.kv.workload.ChosenConcurrency.Choice;
import org.treatydb.kv.workload.WeakenedStore;
import org.treatydb.kv.workload.WeakenedStore.Weakness;
import org.treatydb.kv.workload.Workload;
import org.treatydb.kv.workload.WorkloadRun;

/**
 * Random concurrent work on the real engine is strictly serializable; on a weakened one, that is noticed. To replay a failure as closely as
 * the threads allow, add {@code -Dseed=} with the seed it names.
 */
class WorkloadTest {

  /** Within so many seeds each control must fail. */
  private static final int CONTROL_SEEDS_MAX = 10;

  private final long seed = Long.getLong("seed", System.nanoTime());

  /** More rounds, each with its seed, make a longer run. */
  private final int rounds = Integer.getInteger("workload.rounds", 1);

  @TempDir Path directory;

  static Stream<Arguments> everyKindWithEveryChoice() {
    return Stream.of(Workload.Kind.values()).flatMap(kind -> Stream.of(Choice.values()).map(choice -> arguments(kind, choice)));
  }

  @ParameterizedTest
  @MethodSource("everyKindWithEveryChoice")
  void workInMemoryIsStrictlySerializable(Workload.Kind kind, Choice choice) {
    for (int round = 0; round < rounds; round++) {
      for (int threads : new int[] {2, 8, 64}) {
        // Of two neighbouring seeds, one has platform threads.
        for (int i = 0; i < 2; i++) {
          new WorkloadRun(kind, seed + 2L * round + i, threads, 1500, 1)
              .on(() -> new ChosenConcurrency(EmbeddedStore.openInMemory(), choice));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyKindWithEveryChoice")
  void workOnFilesIsStrictlySerializableThroughFlushesAndClosings(Workload.Kind kind, Choice choice) {
    for (int round = 0; round < rounds; round++) {
      for (int threads : new int[] {2, 12, 64}) {
        TemporaryStore place = new TemporaryStore(directory.resolve("round-" + round + "-with-" + threads));
        new WorkloadRun(kind, seed + round, threads, 12 * threads + 200, 3).on(() -> new ChosenConcurrency(place.open(), choice));
      }
    }
  }

  static Stream<Arguments> whatNoticesWhat() {
    return Map.of(
        Weakness.READS_DO_NOT_KEEP_LOCKS,
        List.of(
            Workload.Kind.LISTS, Workload.Kind.LISTS_IN_RANGES, Workload.Kind.SETS, Workload.Kind.BANK, Workload.Kind.UNIQUE_NAMES,
            Workload.Kind.RING, Workload.Kind.SCHEMA_CHANGES),
        Weakness.RANGES_ARE_NOT_LOCKED,
        List.of(Workload.Kind.LISTS_IN_RANGES, Workload.Kind.SETS, Workload.Kind.UNIQUE_NAMES),
        Weakness.KEYS_ARE_NOT_VALIDATED,
        List.of(
            Workload.Kind.LISTS, Workload.Kind.BANK, Workload.Kind.UNIQUE_NAMES, Workload.Kind.RING, Workload.Kind.SCHEMA_CHANGES),
        Weakness.RANGES_ARE_NOT_VALIDATED,
        List.of(Workload.Kind.LISTS_IN_RANGES, Workload.Kind.SETS, Workload.Kind.UNIQUE_NAMES),
        Weakness.SNAPSHOTS_ARE_STALE,
        List.of(Workload.Kind.LISTS, Workload.Kind.LISTS_IN_RANGES, Workload.Kind.SETS, Workload.Kind.REGISTERS),
        Weakness.COMMITS_ARE_NOT_ATOMIC,
        List.of(
            Workload.Kind.LISTS, Workload.Kind.LISTS_IN_RANGES, Workload.Kind.SETS, Workload.Kind.BANK, Workload.Kind.RING,
            Workload.Kind.SCHEMA_CHANGES)
    ).entrySet().stream().flatMap(entry -> entry.getValue().stream().map(kind -> arguments(entry.getKey(), kind)));
  }

  @ParameterizedTest
  @MethodSource("whatNoticesWhat")
  void controlAWeakenedStoreIsNoticed(Weakness weakness, Workload.Kind kind) {
    assertTrue(
        Stream.iterate(seed, each -> each + 1).limit(CONTROL_SEEDS_MAX).anyMatch(each -> isNoticed(weakness, kind, each)),
        kind + " noticed nothing of " + weakness + " with " + CONTROL_SEEDS_MAX + " seeds from " + seed);
  }

  private static boolean isNoticed(Weakness weakness, Workload.Kind kind, long seed) {
    try {
      new WorkloadRun(kind, seed, 16, 1000, 1).on(() -> new WeakenedStore(EmbeddedStore.openInMemory(), weakness));
      return false;
    } catch (AssertionError e) {
      return true;
    }
  }
}
