package org.treatydb.examples.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.treatydb.examples.musicstore.Intruder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * Runs a cluster on this machine. What an earlier run has left in its directory is removed. Ends with status 1 if anything is not as it
 * should be.
 */
@Command(
    name = "cluster", mixinStandardHelpOptions = true,
    description = "Starts a configuration service and three nodes on 127.0.0.1, sells music on them while they are killed and started "
        + "again, and checks the books.")
public final class ClusterCommand implements Callable<Integer> {

  private static final int SALES = 400;
  private static final int SALES_QUICK = 16;
  private static final long ABSENCE_MILLIS = 3000;
  private static final long ABSENCE_MILLIS_QUICK = 100;

  @Option(names = "--directory", scope = ScopeType.INHERIT, description = "where to work (default: ${DEFAULT-VALUE})")
  private Path directory = Path.of("cluster");

  @Option(names = "--quick", scope = ScopeType.INHERIT, description = "a small run, within a minute")
  private boolean quick;

  private interface Tale {
    void tell(LocalCluster cluster, Stage stage, Story story) throws Exception;
  }

  @Override
  public Integer call() throws Exception {
    return run(this::kill);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Attacks the cluster: reads its disks, puts an older one back, runs a node twice.")
  int attack() throws Exception {
    return run(this::attack);
  }

  @Command(mixinStandardHelpOptions = true, description = "Does both, on one cluster.")
  int all() throws Exception {
    return run((cluster, stage, story) -> {
      kill(cluster, stage, story);
      attack(cluster, stage, story);
    });
  }

  private void kill(LocalCluster cluster, Stage stage, Story story) throws Exception {
    new KillingStory(cluster, stage, story, quick ? SALES_QUICK : SALES, quick ? ABSENCE_MILLIS_QUICK : ABSENCE_MILLIS).run();
  }

  private void attack(LocalCluster cluster, Stage stage, Story story) throws Exception {
    new AttackStory(cluster, stage, story, quick ? SALES_QUICK : SALES).run();
  }

  private int run(Tale tale) throws Exception {
    Path work = directory.toAbsolutePath().normalize();
    Intruder.delete(work);
    Files.createDirectories(work);
    Story story = new Story();
    try (LocalCluster cluster = new LocalCluster(work)) {
      Stage stage = new Stage(cluster, story);
      stage.open();
      tale.tell(cluster, stage, story);
    }
    story.end("All is as it should be. The cluster's files stay in " + work);
    return CommandLine.ExitCode.OK;
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new ClusterCommand()).execute(args));
  }
}
