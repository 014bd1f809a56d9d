package org.treatydb.kv.crash;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.treatydb.kv.enclave.store.StoreRole;

/**
 * Power that goes at any effect takes no vote back, no lock that a vote promised, no decision that was acknowledged, and never sets a
 * node's clock back. A failure names the seed to replay it with.
 */
class PreparedCrashTest {

  /** Within so many lives each control must fail. */
  private static final int CONTROL_LIVES_MAX = 50;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final int points = Integer.getInteger("crash.points", 600);

  private static void live(long seed, Weakness weakness) {
    try {
      Random random = new Random(seed);
      new StoreLife(random, new CrashDisk(weakness, StoreRole.NODE), new Voters(random)).live();
    } catch (AssertionError e) {
      throw new AssertionError(
          "replay with -Dtest=PreparedCrashTest -Dcrash.points=1 -Dseed=" + seed + ": " + e.getMessage(), e);
    }
  }

  @Test
  void noCrashTakesAVoteOrADecisionBack() {
    for (int life = 0; life * StoreLife.CRASHES < points; life++) {
      live(seed + life, Weakness.NONE);
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
