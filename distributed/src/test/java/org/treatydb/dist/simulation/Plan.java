package org.treatydb.dist.simulation;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.treatydb.kv.workload.Workload;

/**
 * What a run does, but for chance. All of it follows from a seed; whoever looks for a smaller failing run makes it do less.
 *
 * @param transactions that clients try, together
 * @param faultsMax faults that are put in on purpose; those of single messages do not count
 * @param allowed faults that may happen
 * @param only the numbers of those faults that happen; empty if all do
 * @param control the defence that is off
 * @param scenario what somebody does of purpose
 * @param moves whether ranges move from node to node
 */
record Plan(
    long seed, Workload.Kind workload, int clients, int transactions, int faultsMax, Set<Fault> allowed, Set<Integer> only,
    Control control, Scenario scenario, boolean moves) {

  private static final int TRANSACTIONS_MIN = 30;
  private static final int TRANSACTIONS_MORE = 90;

  /** What happens without that anybody wants it. */
  static final Set<Fault> HONEST = EnumSet.range(Fault.CRASH, Fault.CLOG);

  private static final Set<Fault> ALL = EnumSet.range(Fault.CRASH, Fault.STALE_IDENTITY);

  private static final List<Workload.Kind> EARLIER = List.copyOf(EnumSet.range(Workload.Kind.LISTS, Workload.Kind.UNIQUE_NAMES));
  private static final List<Workload.Kind> LATER = List.copyOf(EnumSet.range(Workload.Kind.RING, Workload.Kind.SCHEMA_CHANGES));

  /** The options of {@code distributed/bin/sim} that make it. */
  String options() {
    Plan whole = of(seed).with(control);
    StringBuilder options = new StringBuilder("--seed ").append(seed);
    if (control != Control.NONE) {
      options.append(" --control ").append(control);
    }
    if (transactions != whole.transactions) {
      options.append(" --transactions ").append(transactions);
    }
    if (clients != whole.clients) {
      options.append(" --clients ").append(clients);
    }
    if (faultsMax != whole.faultsMax) {
      options.append(" --faults ").append(faultsMax);
    }
    if (!only.isEmpty()) {
      options.append(" --only ").append(only.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
    if (!whole.allowed.containsAll(allowed)) {
      options.append(" --attacks");
    }
    if (scenario != whole.scenario) {
      options.append(" --scenario ").append(scenario);
    }
    if (moves != whole.moves) {
      options.append(moves ? " --moves" : " --no-moves");
    }
    Set<Fault> without = EnumSet.copyOf(possible());
    without.removeAll(allowed);
    if (!without.isEmpty()) {
      options.append(" --without ").append(without.stream().map(Enum::name).collect(Collectors.joining(",")));
    }
    return options.toString();
  }

  static Plan of(long seed) {
    Random random = new Random(seed ^ 0x5DEECE66DL);
    Plan plan = new Plan(
        seed, workload(random, seed), 2 + random.nextInt(6), TRANSACTIONS_MIN + random.nextInt(TRANSACTIONS_MORE),
        random.nextInt(12) == 0 ? 0 : Integer.MAX_VALUE, random.nextInt(3) == 0 ? ALL : HONEST, Set.of(), Control.NONE,
        Scenario.NONE, false);
    // Drawn apart, so that the seeds kept from before are the runs they were if nothing of this is drawn.
    Random later = new Random(seed * 0x9E3779B97F4A7C15L);
    boolean moves = later.nextInt(4) == 0;
    List<Scenario> possible = plan.allowed == ALL ? List.of(Scenario.values()) : List.of(Scenario.NONE, Scenario.ADOPTION);
    Scenario drawn = later.nextInt(3) == 0 ? possible.get(later.nextInt(possible.size())) : Scenario.NONE;
    return plan.withScenario(plan.faultsMax == 0 ? Scenario.NONE : drawn).withMoves(moves);
  }

  /** Those that came later are drawn apart, so that the seeds kept from before are the runs they were, but for one in four. */
  private static Workload.Kind workload(Random random, long seed) {
    Workload.Kind earlier = EARLIER.get(random.nextInt(EARLIER.size()));
    int later = Math.floorMod(Long.hashCode(seed * 0x9E3779B97F4A7C15L) >>> 16, 4 * LATER.size());
    return later < LATER.size() ? LATER.get(later) : earlier;
  }

  Plan withTransactions(int count) {
    return new Plan(seed, workload, clients, count, faultsMax, allowed, only, control, scenario, moves);
  }

  Plan withFaultsMax(int count) {
    return new Plan(seed, workload, clients, transactions, count, allowed, only, control, scenario, moves);
  }

  Plan withClients(int count) {
    return new Plan(seed, workload, count, transactions, faultsMax, allowed, only, control, scenario, moves);
  }

  Plan withScenario(Scenario other) {
    return new Plan(seed, workload, clients, transactions, faultsMax, allowed, only, control, other, moves);
  }

  Plan withMoves(boolean moving) {
    return new Plan(seed, workload, clients, transactions, faultsMax, allowed, only, control, scenario, moving);
  }

  /** The same without a defence, and with all attacks, and the scenario that shows what the defence is for. */
  Plan with(Control off) {
    return off == Control.NONE
        ? this : new Plan(seed, workload, clients, transactions, faultsMax, ALL, only, off, off.scenario().orElse(scenario), moves);
  }

  /** The faults that may happen if nobody looks for a smaller run: which of them does next is drawn from these. */
  Set<Fault> possible() {
    Set<Fault> drawn = of(seed).with(control).allowed;
    return drawn.containsAll(allowed) ? drawn : ALL;
  }

  /** Whether the fault of that number happens. */
  boolean has(int fault) {
    return only.isEmpty() || only.contains(fault);
  }

  Plan withOnly(Collection<Integer> some) {
    return new Plan(seed, workload, clients, transactions, faultsMax, allowed, new TreeSet<>(some), control, scenario, moves);
  }

  /** Whether somebody attacks. */
  boolean isAttacked() {
    return !HONEST.containsAll(allowed);
  }

  /** The same with all attacks. */
  Plan attacked() {
    return new Plan(seed, workload, clients, transactions, faultsMax, ALL, only, control, scenario, moves);
  }

  /** The same with all defences on, and still all attacks. */
  Plan defended() {
    return new Plan(seed, workload, clients, transactions, faultsMax, allowed, only, Control.NONE, scenario, moves);
  }

  Plan without(Fault fault) {
    Set<Fault> fewer = allowed.isEmpty() ? EnumSet.noneOf(Fault.class) : EnumSet.copyOf(allowed);
    fewer.remove(fault);
    return new Plan(seed, workload, clients, transactions, faultsMax, fewer, only, control, scenario, moves);
  }
}
