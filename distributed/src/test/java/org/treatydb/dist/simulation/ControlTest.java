package org.treatydb.dist.simulation;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With a defence off some run fails: so the simulator is not blind to what the defence is there for. The seeds are always the same. */
class ControlTest {

  private static final int RUNS_MAX = 3000;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void withoutADefenceSomeRunFails(Control control) {
    String violation = null;
    for (long seed = 1; violation == null && seed <= RUNS_MAX; seed++) {
      violation = Simulation.run(Plan.of(seed).with(control)).violation();
    }
    assertNotNull(violation, () -> "nothing was wrong without " + control);
  }
}
