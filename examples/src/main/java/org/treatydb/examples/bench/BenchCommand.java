package org.treatydb.examples.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one benchmark by name. */
@Command(
    name = "bench", mixinStandardHelpOptions = true, description = "Runs a benchmark and prints its figures; progress goes to stderr.",
    synopsisSubcommandLabel = "BENCHMARK")
public final class BenchCommand {

  /** What every benchmark can be told. */
  static final class Common {

    @Option(names = "--quick", description = "a small run, within a minute")
    private boolean quick;

    @Option(names = "--directory", description = "where to keep the data (default: a temporary directory, removed afterwards)")
    private Path directory;

    @Option(names = "--jfr", paramLabel = "FILE", description = "record the run with Java's flight recorder into this file")
    private Path recording;

    private int run(Benchmark benchmark) throws Exception {
      boolean temporary = directory == null;
      Path work = temporary ? Files.createTempDirectory("treaty-bench") : Files.createDirectories(directory);
      Report report = new Report(System.out::println, System.err::println);
      try {
        if (recording == null) {
          benchmark.run(work, report);
        } else {
          Recorder.record(recording, () -> benchmark.run(work, report));
        }
      } finally {
        if (temporary) {
          BenchDirectory.delete(work);
        }
      }
      return CommandLine.ExitCode.OK;
    }
  }

  private interface Benchmark {
    void run(Path directory, Report report) throws Exception;
  }

  @Command(mixinStandardHelpOptions = true, description = "Treaty's storage engine against plain RocksDB")
  int storage(
      @Mixin Common common,
      @Option(names = "--rows", paramLabel = "N", description = "so many rows") Integer rows)
      throws Exception {
    StoragePlan plan = common.quick ? StoragePlan.QUICK : StoragePlan.FULL;
    StoragePlan wanted = rows == null ? plan : plan.withRows(rows);
    return common.run((directory, report) -> new StorageBenchmark(directory, wanted, report).run());
  }

  @Command(mixinStandardHelpOptions = true, description = "Treaty's transactions against RocksDB's: YCSB's A, B, C, F and transfers")
  int transactions(
      @Mixin Common common,
      @Option(names = "--workload", paramLabel = "W", split = ",", description = "only these: ${COMPLETION-CANDIDATES}")
      List<Workload> workloads,
      @Option(names = "--distribution", paramLabel = "D", split = ",", description = "only these: ${COMPLETION-CANDIDATES}")
      List<TransactionPlan.Distribution> distributions,
      @Option(names = "--clients", paramLabel = "N", split = ",", description = "so many clients at the same time")
      List<Integer> clients)
      throws Exception {
    TransactionPlan plan = common.quick ? TransactionPlan.QUICK : TransactionPlan.FULL;
    plan = workloads == null ? plan : plan.withWorkloads(workloads);
    plan = distributions == null ? plan : plan.withDistributions(distributions);
    TransactionPlan wanted = clients == null ? plan : plan.withClients(clients.stream().sorted().toList());
    return common.run((directory, report) -> new TransactionBenchmark(directory, wanted, report).run());
  }

  @Command(mixinStandardHelpOptions = true, description = "A cluster of three nodes, with everything on and with protection switched off")
  int cluster(
      @Mixin Common common,
      @Option(names = "--side", paramLabel = "S", split = ",", description = "only these: ${COMPLETION-CANDIDATES}")
      List<ClusterSide> sides,
      @Option(names = "--workload", paramLabel = "W", split = ",", description = "only these: ${COMPLETION-CANDIDATES}")
      List<ClusterWorkload> workloads,
      @Option(names = "--multi-shard", paramLabel = "P", split = ",", description = "so many of 100 transactions work on two nodes")
      List<Integer> percents,
      @Option(names = "--clients", paramLabel = "N", split = ",", description = "so many clients at the same time")
      List<Integer> clients,
      @Option(names = "--round-seconds", paramLabel = "T", description = "so long a round") Integer seconds)
      throws Exception {
    ClusterPlan plan = common.quick ? ClusterPlan.QUICK : ClusterPlan.FULL;
    plan = sides == null ? plan : plan.withSides(sides);
    plan = workloads == null ? plan : plan.withWorkloads(workloads);
    plan = percents == null ? plan : plan.withMultiShardPercents(percents);
    plan = clients == null ? plan : plan.withClients(clients.stream().sorted().toList());
    ClusterPlan wanted = seconds == null ? plan : plan.withRoundSeconds(seconds);
    return common.run((directory, report) -> new ClusterBenchmark(directory, wanted, report).run());
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new BenchCommand()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }
}
