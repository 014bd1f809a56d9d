package org.treatydb.dist.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Looks for a smaller run that fails, too: fewer faults, transactions, clients. Then tells what happens in it. */
final class Shrinking {

  private static final int ROUNDS_MAX = 4;
  private static final Set<Fault> OF_MESSAGES = EnumSet.of(Fault.DROP, Fault.DELAY, Fault.DUPLICATE);

  private final Consumer<String> out;

  Shrinking(Consumer<String> out) {
    this.out = out;
  }

  /** The smallest run found; that of {@code plan} if it does not fail. */
  Simulation.Result run(Plan plan) {
    Simulation.Result smallest = Simulation.run(plan);
    if (smallest.violation() == null) {
      out.accept(smallest.describe());
      return smallest;
    }
    Simulation.Result before = null;
    for (int round = 0; round < ROUNDS_MAX && smallest != before; round++) {
      before = smallest;
      smallest = fewer(withFewerFaults(smallest), smallest.plan().transactions(), Plan::withTransactions);
      smallest = fewer(smallest, smallest.plan().clients(), Plan::withClients);
      smallest = smallest.plan().scenario() == Scenario.NONE ? smallest : better(smallest, smallest.plan().withScenario(Scenario.NONE));
      smallest = smallest.plan().moves() ? better(smallest, smallest.plan().withMoves(false)) : smallest;
      for (Fault each : OF_MESSAGES) {
        smallest = smallest.plan().allowed().contains(each) ? better(smallest, smallest.plan().without(each)) : smallest;
      }
    }
    tell(smallest.plan());
    out.accept(smallest.describe());
    return smallest;
  }

  /** Leaves out faults, half of them at a time, then a quarter, and so on to single ones. */
  private Simulation.Result withFewerFaults(Simulation.Result known) {
    Simulation.Result smallest = known;
    for (int chunk = known.struck().size(); chunk > 0; chunk /= 2) {
      for (int from = 0; from < smallest.struck().size(); ) {
        List<Integer> rest = new ArrayList<>(smallest.struck());
        rest.subList(from, Math.min(from + chunk, rest.size())).clear();
        Plan fewer = rest.isEmpty() ? smallest.plan().withFaultsMax(0) : smallest.plan().withOnly(rest);
        Simulation.Result tried = better(smallest, fewer);
        from = tried == smallest ? from + chunk : from;
        smallest = tried;
      }
    }
    return smallest;
  }

  private Simulation.Result better(Simulation.Result known, Plan plan) {
    Simulation.Result tried = Simulation.run(plan);
    if (tried.violation() == null) {
      return known;
    }
    out.accept(String.format("fails, too: %d faults, %d transactions, %d clients, %d steps",
        tried.struck().size(), plan.transactions(), plan.clients(), tried.steps()));
    return tried;
  }

  private interface With {
    Plan of(Plan plan, int count);
  }

  /** Goes down by halves as long as it fails, then by smaller steps. */
  private Simulation.Result fewer(Simulation.Result known, int count, With with) {
    Simulation.Result smallest = known;
    int failing = count;
    for (int step = Math.max(1, count / 2); step > 0; ) {
      Simulation.Result tried = failing < step ? smallest : better(smallest, with.of(smallest.plan(), failing - step));
      if (tried == smallest) {
        step /= 2;
      } else {
        smallest = tried;
        failing -= step;
      }
    }
    return smallest;
  }

  /** What happens in it, but for single messages. */
  private void tell(Plan plan) {
    List<String> lines = new ArrayList<>();
    Simulation.run(plan, lines::add);
    out.accept("");
    lines.stream().filter(each -> !Messages.isAbout(each)).forEach(out);
  }
}
