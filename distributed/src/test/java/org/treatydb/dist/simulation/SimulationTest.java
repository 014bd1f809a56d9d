package org.treatydb.dist.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.embedded.ChildJvm;

/** {@code distributed/bin/sim} runs more of the same. */
class SimulationTest {

  /** Fresh each day, unless {@code -Dseed} says otherwise: so what fails fails again when it is run again, until somebody has looked. */
  private static final long FIRST_SEED = LocalDate.now(ZoneOffset.UTC).toEpochDay() * 1000;
  private static final long RUNS = Long.getLong("simulation.runs", 300);
  private static final long SECONDS_MAX = Long.getLong("simulation.seconds", 25);
  private static final long[] COMPARED_SEEDS = {1, 2, 8};

  @Test
  void aSeedGivesTheSameRunEachTimeAndInAnotherProcess() throws IOException {
    for (long seed : COMPARED_SEEDS) {
      Simulation.Result first = Simulation.run(Plan.of(seed));
      Simulation.Result second = Simulation.run(Plan.of(seed), _ -> { });
      assertEquals(first.describe(), second.describe());
      assertEquals(first.describe(), inAnotherProcess(seed));
    }
  }

  private static String inAnotherProcess(long seed) throws IOException {
    try (ChildJvm child = new ChildJvm(
        List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"), SimulationCommand.class, "--seed", String.valueOf(seed), "--brief")) {
      return child.line();
    }
  }

  @Test
  void differentSeedsGiveDifferentRuns() {
    assertNotEquals(Simulation.run(Plan.of(1)).hash(), Simulation.run(Plan.of(2)).hash());
  }

  @Test
  void whateverFailsAcknowledgedWorkStaysAndIsStrictlySerializable() throws InterruptedException {
    long first = Long.getLong("seed", FIRST_SEED);
    ManySeeds seeds = new ManySeeds(first, RUNS, System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX), true, Plan::of, null);
    assertTrue(seeds.run(2), () -> seeds.failed().stream().map(Simulation.Result::describe).collect(Collectors.joining("\n\n")));
  }

  @Test
  void seedsThatHaveFailedOnceFailNoMore() throws IOException {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(
        SimulationTest.class.getResourceAsStream("/simulation/regressions.txt"), StandardCharsets.UTF_8))) {
      for (String line : lines.lines().filter(each -> !each.startsWith("#") && !each.isBlank()).toList()) {
        String[] words = line.split(" ", 3);
        Plan plan = Plan.of(Long.parseLong(words[0]));
        assertNull(Simulation.run(words[1].equals("--attacks") ? plan.attacked() : plan).violation(), line);
      }
    }
  }
}
