package org.treatydb.dist.simulation;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code distributed/bin/sim} runs. */
@Command(
    name = "sim",
    mixinStandardHelpOptions = true,
    description = "Runs clusters in a simulated world, where nodes crash, disks and networks fail, and checks what comes of it. "
        + "With no options fresh seeds, until it is told to stop.")
public final class SimulationCommand implements Callable<Integer> {

  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  @Option(names = "--seconds", paramLabel = "N", description = "Stop after so many seconds.")
  private long seconds = Long.MAX_VALUE / 2_000_000_000;

  @Option(names = "--runs", paramLabel = "N", description = "Stop after so many runs.")
  private long runs = Long.MAX_VALUE;

  @Option(names = "--from", paramLabel = "SEED", description = "The first seed; a random one if there is none.")
  private Long from;

  @Option(names = "--threads", paramLabel = "N", description = "So many runs at once; as many as there are processors if not given.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--keep-going", description = "Go on when a run has failed.")
  private boolean keepGoing;

  @Option(names = "--seed", paramLabel = "N", description = "Replay the run of this seed, and tell what happens.")
  private Long seed;

  @Option(names = "--brief", description = "With --seed: tell nothing but what came of it.")
  private boolean brief;

  @Option(names = "--shrink", paramLabel = "N", description = "Find a smaller failing run than that of this seed.")
  private Long shrink;

  @Option(names = "--transactions", paramLabel = "N", description = "So many only.")
  private Integer transactions;

  @Option(names = "--clients", paramLabel = "N", description = "So many only.")
  private Integer clients;

  @Option(names = "--faults", paramLabel = "N", description = "So many only, but for those of single messages.")
  private Integer faults;

  @Option(names = "--attacks", description = "Somebody attacks, whatever the seed says.")
  private boolean attacks;

  @Option(names = "--without", paramLabel = "FAULT", split = ",", description = "None of these. ${COMPLETION-CANDIDATES}")
  private List<Fault> without = List.of();

  @Option(names = "--only", paramLabel = "N", split = ",", description = "With --seed: only these faults, and those of messages.")
  private List<Integer> only = List.of();

  @Option(names = "--scenario", paramLabel = "NAME", description = "This one, whatever the seed says. ${COMPLETION-CANDIDATES}")
  private Scenario scenario;

  @Option(names = "--moves", negatable = true, description = "Ranges move, or do not, whatever the seed says.")
  private Boolean moves;

  @Option(names = "--control", paramLabel = "NAME", description = "Switch a defence off: some run should fail. ${COMPLETION-CANDIDATES}")
  private Control control = Control.NONE;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SimulationCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    if (shrink != null) {
      return new Shrinking(OUT::println).run(plan(shrink)).violation() == null ? 0 : 1;
    }
    if (seed != null) {
      return replay();
    }
    long first = from == null ? new Random().nextInt(Integer.MAX_VALUE) : from;
    ManySeeds all = new ManySeeds(first, runs, System.nanoTime() + seconds * 1_000_000_000, keepGoing, this::plan, OUT);
    Thread summary = new Thread(all::summarize);
    Runtime.getRuntime().addShutdownHook(summary);
    return all.run(threads) ? 0 : 1;
  }

  /** The run of a seed as the options have it. */
  private Plan plan(long of) {
    Plan plan = Plan.of(of).with(control);
    plan = attacks ? plan.attacked() : plan;
    plan = transactions == null ? plan : plan.withTransactions(transactions);
    plan = clients == null ? plan : plan.withClients(clients);
    plan = faults == null ? plan : plan.withFaultsMax(faults);
    for (Fault each : without) {
      plan = plan.without(each);
    }
    plan = scenario == null ? plan : plan.withScenario(scenario);
    plan = moves == null ? plan : plan.withMoves(moves);
    return only.isEmpty() ? plan : plan.withOnly(only);
  }

  private int replay() {
    Plan plan = plan(seed);
    Simulation.Result result = Simulation.run(plan, brief ? null : OUT::println);
    OUT.println(result.describe());
    return result.violation() == null ? 0 : 1;
  }
}
