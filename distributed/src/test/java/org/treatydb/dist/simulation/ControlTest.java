package org.treatydb.dist.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With a defence off some run fails: so the simulator is not blind to what the defence is there for. The seeds are always the same. */
class ControlTest {

  private static final int RUNS_MAX = 3000;

  /** Where to begin, if that is not 1, only so that it takes less time. */
  private static final Map<Control, Long> FIRST_SEEDS = Map.of(Control.ROUNDS_WITHOUT_CLOCKS, 195L, Control.NO_DIRECTORY, 36L);

  private static Simulation.Result firstFailing(Control control) {
    long first = FIRST_SEEDS.getOrDefault(control, 1L);
    for (long seed = first; seed < first + RUNS_MAX; seed++) {
      Simulation.Result result = Simulation.run(Plan.of(seed).with(control));
      if (result.violation() != null) {
        return result;
      }
    }
    return null;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void withoutADefenceSomeRunFailsThatDoesNotWithIt(Control control) {
    Simulation.Result failing = firstFailing(control);
    assertNotNull(failing, () -> "nothing was wrong without " + control);
    assertNull(Simulation.run(failing.plan().defended()).violation(), () -> "the attacks succeed with " + control + ", too");
  }

  @Test
  void aFailingRunIsMadeSmallerAndTold() {
    List<String> told = new ArrayList<>();
    Simulation.Result failing = firstFailing(Control.MESSAGES_WITHOUT_TAG);
    Simulation.Result smaller = new Shrinking(told::add).run(failing.plan());
    assertNotNull(smaller.violation());
    assertTrue(smaller.struck().size() <= failing.struck().size(), smaller::describe);
    assertTrue(smaller.plan().transactions() <= failing.plan().transactions(), smaller::describe);
    assertTrue(told.stream().anyMatch(line -> line.contains("node 1   boots")), told::toString);
    assertTrue(told.getLast().contains(smaller.replayCommand()), told::toString);
    assertEquals(smaller.describe(), Simulation.run(smaller.plan()).describe());
  }
}
