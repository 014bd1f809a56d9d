package org.treatydb.dist.simulation;

import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.treatydb.kv.workload.Workload;

/**
 * What a run does, but for chance. All of it follows from a seed; whoever looks for a smaller failing run makes it do less.
 *
 * @param transactions that clients try, together
 * @param faultsMax faults that are put in on purpose; those of single messages do not count
 * @param allowed faults that may happen
 */
record Plan(long seed, Workload.Kind workload, int clients, int transactions, int faultsMax, Set<Fault> allowed) {

  private static final int TRANSACTIONS_MIN = 30;
  private static final int TRANSACTIONS_MORE = 90;

  static final Set<Fault> HONEST = EnumSet.range(Fault.CRASH, Fault.CLOG);

  /** The options of {@code distributed/bin/sim} that make it. */
  String options() {
    Plan whole = of(seed);
    StringBuilder options = new StringBuilder("--seed ").append(seed);
    if (transactions != whole.transactions) {
      options.append(" --transactions ").append(transactions);
    }
    if (clients != whole.clients) {
      options.append(" --clients ").append(clients);
    }
    if (faultsMax != whole.faultsMax) {
      options.append(" --faults ").append(faultsMax);
    }
    Set<Fault> without = EnumSet.copyOf(whole.allowed);
    without.removeAll(allowed);
    if (!without.isEmpty()) {
      options.append(" --without ").append(without.stream().map(Enum::name).collect(Collectors.joining(",")));
    }
    return options.toString();
  }

  static Plan of(long seed) {
    Random random = new Random(seed ^ 0x5DEECE66DL);
    Workload.Kind[] kinds = Workload.Kind.values();
    return new Plan(
        seed, kinds[random.nextInt(kinds.length)], 2 + random.nextInt(6), TRANSACTIONS_MIN + random.nextInt(TRANSACTIONS_MORE),
        random.nextInt(12) == 0 ? 0 : Integer.MAX_VALUE, HONEST);
  }

  Plan withTransactions(int count) {
    return new Plan(seed, workload, clients, count, faultsMax, allowed);
  }

  Plan withFaultsMax(int count) {
    return new Plan(seed, workload, clients, transactions, count, allowed);
  }

  Plan withClients(int count) {
    return new Plan(seed, workload, count, transactions, faultsMax, allowed);
  }

  Plan without(Fault fault) {
    Set<Fault> fewer = allowed.isEmpty() ? EnumSet.noneOf(Fault.class) : EnumSet.copyOf(allowed);
    fewer.remove(fault);
    return new Plan(seed, workload, clients, transactions, faultsMax, fewer);
  }
}
