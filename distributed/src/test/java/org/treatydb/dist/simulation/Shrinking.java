package org.treatydb.dist.simulation;

import java.io.PrintStream;
import java.util.List;
import java.util.function.IntFunction;

/** Looks for a smaller run that fails, too: fewer transactions, clients, faults, kinds of faults. */
final class Shrinking {

  private static final int ROUNDS = 3;

  private final PrintStream out;

  Shrinking(PrintStream out) {
    this.out = out;
  }

  /** Whether {@code plan} fails at all. */
  boolean run(Plan plan) {
    Simulation.Result smallest = Simulation.run(plan);
    if (smallest.violation() == null) {
      out.println(smallest.describe());
      return false;
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Fault each : List.copyOf(smallest.plan().allowed())) {
        smallest = better(smallest, smallest.plan().without(each));
      }
      smallest = fewer(smallest, Math.min(smallest.plan().faultsMax(), 1 << 10), smallest.plan()::withFaultsMax);
      smallest = fewer(smallest, smallest.plan().transactions(), smallest.plan()::withTransactions);
      smallest = fewer(smallest, smallest.plan().clients(), smallest.plan()::withClients);
    }
    out.println(smallest.describe());
    return true;
  }

  private Simulation.Result better(Simulation.Result known, Plan plan) {
    Simulation.Result tried = Simulation.run(plan);
    if (tried.violation() == null) {
      return known;
    }
    out.println("fails, too: " + tried.replayCommand());
    return tried;
  }

  /** Goes down by halves as long as it fails, then by smaller steps. */
  private Simulation.Result fewer(Simulation.Result known, int count, IntFunction<Plan> with) {
    Simulation.Result smallest = known;
    int failing = count;
    for (int step = Math.max(1, count / 2); step > 0; ) {
      if (failing - step < 0) {
        step /= 2;
        continue;
      }
      Simulation.Result tried = better(smallest, with.apply(failing - step));
      if (tried == smallest) {
        step /= 2;
      } else {
        smallest = tried;
        failing -= step;
      }
    }
    return smallest;
  }
}
