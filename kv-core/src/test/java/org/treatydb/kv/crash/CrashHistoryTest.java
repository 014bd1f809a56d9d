package org.treatydb.kv.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.history.History;
import org.treatydb.kv.history.Outcome;
import org.treatydb.kv.workload.ChosenConcurrency.Choice;
import org.treatydb.kv.workload.Workload;

/**
 * Concurrent transactions with power failures in between are strictly serializable as one history: what was acknowledged stays, what was
 * under way happened wholly or not at all, and real time orders across the crashes. On a store that acknowledges too early, that is
 * noticed.
 */
class CrashHistoryTest {

  private static final int LIVES = 3;

  /** Within so many lives each control must fail. */
  private static final int CONTROL_LIVES_MAX = 30;

  private final long seed = Long.getLong("seed", System.nanoTime());

  /** More rounds, each with its seed, make a longer run. */
  private final int rounds = Integer.getInteger("workload.rounds", 1);

  private static History live(Workload.Kind kind, Choice choice, long seed, Weakness weakness) {
    Random random = new Random(seed);
    RecordedWork work = new RecordedWork(kind, choice, random);
    try {
      new StoreLife(random, new CrashDisk(weakness), work).live();
      kind.check(work.history());
      return work.history();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "replay with -Dtest=CrashHistoryTest -Dseed=" + seed + ", " + kind + " " + choice + ": " + e.getMessage(), e);
    }
  }

  static Stream<Arguments> everyKindWithEveryChoice() {
    return Stream.of(Workload.Kind.values()).flatMap(kind -> Stream.of(Choice.values()).map(choice -> arguments(kind, choice)));
  }

  @ParameterizedTest
  @MethodSource("everyKindWithEveryChoice")
  void workThroughPowerFailuresIsStrictlySerializable(Workload.Kind kind, Choice choice, TestReporter reporter) {
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    for (int life = 0; life < rounds * LIVES; life++) {
      History history = live(kind, choice, seed + life, Weakness.NONE);
      Stream.of(Outcome.values()).forEach(outcome -> counts.merge(outcome, history.count(outcome), Long::sum));
    }
    reporter.publishEntry("transactions", counts.toString());
    assertTrue(counts.get(Outcome.COMMITTED) > 0, counts::toString);
  }

  @ParameterizedTest
  @EnumSource(Workload.Kind.class)
  void controlCommitsThatAreAcknowledgedBeforeTheyAreStableAreNoticed(Workload.Kind kind) {
    assertTrue(Stream.iterate(seed, each -> each + 1).limit(CONTROL_LIVES_MAX).anyMatch(each -> losesWhatWasAcknowledged(kind, each)),
        kind + " noticed nothing with " + CONTROL_LIVES_MAX + " seeds from " + seed);
  }

  private static boolean losesWhatWasAcknowledged(Workload.Kind kind, long seed) {
    try {
      live(kind, Choice.MIXED, seed, Weakness.THE_COUNTER_CONFIRMS_LATE);
      return false;
    } catch (AssertionError e) {
      // A register's check has no names for what it finds.
      return kind == Workload.Kind.REGISTERS
          || Stream.of("lost append", "realtime", "incompatible order").anyMatch(e.getMessage()::contains);
    }
  }
}
