package org.treatydb.kv.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Power that goes at any effect on disk or counter loses no acknowledged commit, leaves no half one, and raises no false
 * alarm. A failure names the seed to replay it with: as closely as the engine's threads allow.
 */
class CrashPointTest {

  /** So many crashes hit every kind of effect; the chance that they do not is below one in a million. */
  private static final int POINTS_FOR_EVERY_EFFECT = 500;

  /** Within so many lives each control must fail. */
  private static final int CONTROL_LIVES_MAX = 50;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final int points = Integer.getInteger("crash.points", 1000);

  private static Map<Effect, Integer> live(long seed, Weakness weakness) {
    try {
      Random random = new Random(seed);
      return new StoreLife(random, new CrashDisk(weakness), new Writers(random)).live();
    } catch (AssertionError e) {
      throw new AssertionError(
          "replay with -Dtest=CrashPointTest -Dcrash.points=1 -Dseed=" + seed + ": " + e.getMessage(), e);
    }
  }

  @Test
  void noCrashLosesOrHalvesACommitOrLooksLikeAnAttack(TestReporter reporter) {
    Map<Effect, Integer> crashes = new EnumMap<>(Effect.class);
    for (int life = 0; life * StoreLife.CRASHES < points; life++) {
      live(seed + life, Weakness.NONE).forEach((effect, count) -> crashes.merge(effect, count, Integer::sum));
    }
    reporter.publishEntry("crashes at each effect", crashes.toString());
    if (points >= POINTS_FOR_EVERY_EFFECT) {
      assertEquals(EnumSet.allOf(Effect.class), crashes.keySet(), "effects at which the power went");
    }
  }

  /** The controls: a disk that does not keep what it was told to is noticed. */
  @ParameterizedTest
  @EnumSource(value = Weakness.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aDiskThatForgetsWhatWasSyncedIsNoticed(Weakness weakness) {
    assertThrows(AssertionError.class, () -> {
      for (int life = 0; life < CONTROL_LIVES_MAX; life++) {
        live(seed + life, weakness);
      }
    });
  }
}
