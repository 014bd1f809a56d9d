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
 * @param control the defence that is off
 */
record Plan(long seed, Workload.Kind workload, int clients, int transactions, int faultsMax, Set<Fault> allowed, Control control) {

  private static final int TRANSACTIONS_MIN = 30;
  private static final int TRANSACTIONS_MORE = 90;

  /** What happens without that anybody wants it. */
  static final Set<Fault> HONEST = EnumSet.range(Fault.CRASH, Fault.CLOG);

  private static final Set<Fault> ALL = EnumSet.allOf(Fault.class);

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
        random.nextInt(12) == 0 ? 0 : Integer.MAX_VALUE, random.nextInt(3) == 0 ? ALL : HONEST, Control.NONE);
  }

  Plan withTransactions(int count) {
    return new Plan(seed, workload, clients, count, faultsMax, allowed, control);
  }

  Plan withFaultsMax(int count) {
    return new Plan(seed, workload, clients, transactions, count, allowed, control);
  }

  Plan withClients(int count) {
    return new Plan(seed, workload, count, transactions, faultsMax, allowed, control);
  }

  /** The same without a defence, and with all attacks. */
  Plan with(Control off) {
    return off == Control.NONE ? this : new Plan(seed, workload, clients, transactions, faultsMax, ALL, off);
  }

  Plan without(Fault fault) {
    Set<Fault> fewer = allowed.isEmpty() ? EnumSet.noneOf(Fault.class) : EnumSet.copyOf(allowed);
    fewer.remove(fault);
    return new Plan(seed, workload, clients, transactions, faultsMax, fewer, control);
  }
}
