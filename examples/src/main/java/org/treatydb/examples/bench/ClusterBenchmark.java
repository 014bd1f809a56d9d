package org.treatydb.examples.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;

/**
 * Clusters of three nodes with everything on, without stabilization, and without protection on the wire, measured by turns; throughputs are
 * medians of the rounds. The security tax is what is left of the plain wire's throughput with everything on; {@value #TAX_RATIO_WANTED} is
 * wanted. Counts what a transfer costs, and adds up the accounts after each workload: half a transfer ends the run.
 */
final class ClusterBenchmark {

  static final double TAX_RATIO_WANTED = 0.7;

  private static final int RECORDS_PER_LOAD_COMMIT = 500;
  private static final long QUIET_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

  private final Path directory;
  private final ClusterPlan plan;
  private final Report report;
  private final Map<ClusterSide, BenchCluster> clusters = new EnumMap<>(ClusterSide.class);
  private final List<Double> taxes = new ArrayList<>();

  ClusterBenchmark(Path directory, ClusterPlan plan, Report report) {
    this.directory = directory;
    this.plan = plan;
    this.report = report;
  }

  void run() throws Exception {
    describe();
    try {
      for (ClusterSide side : plan.sides()) {
        report.progress("load, %s", side);
        clusters.put(side, new BenchCluster(side, directory.resolve(side.figureName())));
        load(clusters.get(side));
      }
      ProcessIo.awaitQuiet(QUIET_NANOS_MAX);
      for (ClusterWorkload workload : plan.workloads()) {
        for (int percent : plan.multiShardPercents()) {
          measure(workload, percent);
        }
      }
    } finally {
      clusters.values().forEach(BenchCluster::close);
    }
    summarise();
  }

  private void describe() {
    report.title("cluster: %d nodes, %,d records of 2 rows of %d bytes on each; %d rounds of %.2f s a side; two records a transaction"
        .formatted(BenchCluster.NODES, plan.recordsPerNode(), Row.BYTES, plan.rounds(), plan.roundNanos() / 1e9));
    report.say("the nodes, and their clients on platform threads, share one process and this machine's %d processors; each node has a "
        + "directory with synced logs, %d MiB of memory, %d event loop; clients are spread over the nodes, which coordinate for them",
        Runtime.getRuntime().availableProcessors(), BenchCluster.MEMORY_BYTES_PER_NODE >> 20, BenchCluster.EVENT_LOOPS_PER_NODE);
    report.say("multi_N: N of 100 transactions work on two nodes, the others on one, which in two of three cases is not the coordinator");
    report.say("full: everything on; unstabilized: the trusted counter confirms at once without a round; plain_wire: TCP without TLS "
        + "between nodes; bare: both. Not switched off anywhere: what is on disk is encrypted, authenticated and checked");
    report.say("security_tax_ratio: full / plain_wire; at least %.1f is wanted", TAX_RATIO_WANTED);
  }

  private void load(BenchCluster cluster) {
    for (int node : BenchCluster.nodes()) {
      for (int from = 0; from < plan.recordsPerNode(); from += RECORDS_PER_LOAD_COMMIT) {
        List<RecordPairs.Place> places = IntStream.range(from, Math.min(from + RECORDS_PER_LOAD_COMMIT, plan.recordsPerNode()))
            .mapToObj(record -> new RecordPairs.Place(node, record)).toList();
        cluster.store(node).run(transaction -> {
          ThreadLocalRandom random = ThreadLocalRandom.current();
          for (RecordPairs.Place place : places) {
            transaction.put(place.row(), Row.value(place.record(), random));
            transaction.put(place.account(), Row.value(0, random));
          }
          return null;
        });
      }
    }
  }

  private void measure(ClusterWorkload workload, int percent) throws Exception {
    String name = workload.figureName() + "_multi_" + percent;
    report.title("cluster, " + name);
    RecordPairs pairs = new RecordPairs(plan.recordsPerNode(), percent);
    report.progress("%s, warming up", name);
    for (ClusterSide side : plan.sides()) {
      run(side, workload, pairs, plan.clients().getLast(), plan.warmUpNanos(), new LongAdder());
    }
    for (int clients : plan.clients()) {
      report.progress("%s, %d clients", name, clients);
      measure(workload, pairs, clients, name + "_clients_" + clients);
    }
    clusters.forEach(ClusterBenchmark::checkAccounts);
  }

  private void measure(ClusterWorkload workload, RecordPairs pairs, int clients, String name) throws Exception {
    ClusterRounds rounds = new ClusterRounds(plan.sides());
    ClusterCosts.Counted counted = ClusterCosts.Counted.NOTHING;
    long writes = 0;
    for (int round = 0; round < plan.rounds(); round++) {
      for (int turn = 0; turn < plan.sides().size(); turn++) {
        ClusterSide side = plan.sides().get((turn + round) % plan.sides().size());
        ClusterCosts.Counted before = clusters.get(side).costs();
        LongAdder aborts = new LongAdder();
        Clients.Result result = run(side, workload, pairs, clients, plan.roundNanos(), aborts);
        rounds.add(side, result, aborts.sum());
        if (side == ClusterSide.FULL) {
          counted = counted.plus(clusters.get(side).costs().since(before));
          writes += result.writes().count();
        }
      }
    }
    rounds.print(report, name, workload);
    rounds.fullTo(ClusterSide.PLAIN_WIRE).ifPresent(taxes::add);
    if (workload == ClusterWorkload.TRANSFER && writes > 0) {
      TransferCosts.of(counted, writes).print(report, name + "_full", TransferCosts.least(pairs.multiShardPercent()));
    }
  }

  private Clients.Result run(
      ClusterSide side, ClusterWorkload workload, RecordPairs pairs, int clients, long nanos, LongAdder aborts) throws Exception {
    BenchCluster cluster = clusters.get(side);
    AtomicInteger next = new AtomicInteger();
    return Clients.run(clients, nanos, () ->
        new ClusterClient(workload, pairs, cluster.store(1 + next.getAndIncrement() % BenchCluster.NODES), aborts));
  }

  /** Transfers move, and make or lose nothing, in what any moment shows of the whole cluster. */
  private static void checkAccounts(ClusterSide side, BenchCluster cluster) {
    KvStore store = cluster.store(1);
    long sum = 0;
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY)) {
      for (int node : BenchCluster.nodes()) {
        try (KvCursor cursor = transaction.scan(KeyRange.prefix(RecordPairs.accounts(node)))) {
          while (cursor.next()) {
            sum += Row.number(cursor.value());
          }
        }
      }
    }
    if (sum != 0) {
      throw new IllegalStateException("the accounts of " + side + " add up to " + sum + ", not 0");
    }
  }

  private void summarise() {
    if (!taxes.isEmpty()) {
      report.title("cluster, all workloads and numbers of clients: full / plain_wire, of which at least %.1f is wanted"
          .formatted(TAX_RATIO_WANTED));
      report.figure("security_tax_median_ratio", Report.median(taxes.stream().mapToDouble(Double::doubleValue).toArray()), "x");
      report.figure("security_tax_lowest_ratio", taxes.stream().mapToDouble(Double::doubleValue).min().orElseThrow(), "x");
    }
  }
}
