package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.treatydb.dist.node.NodeConfiguration;
import org.treatydb.jdbc.admin.ServedStore;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.host.file.StateDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the state of a cluster, as one of its nodes on this machine sees it. */
@Command(
    name = "status",
    description = "Shows the nodes of a cluster, their shards, what is in doubt and who is fenced or down, as a node that this user runs "
        + "on this machine sees it.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  static final String VERB = "status";
  static final String SHARDS_VERB = "shards";

  @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration of the node to ask.")
  private Path config;

  @Option(names = "--shards", description = "Show which node has which keys (hexadecimal, the end excluded).")
  private boolean shards;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    node(config).cas(shards ? SHARDS_VERB : VERB, "").forEach(out::println);
    out.flush();
    return 0;
  }

  /** The node of that configuration, which runs on this machine. */
  static ServedStore node(Path config) throws IOException {
    Path data = NodeConfiguration.read(config).data();
    if (!Files.exists(data)) {
      throw new KvException.Unavailable(ErrorCode.NOT_A_STORE, "the node of " + config + " has never run here", null);
    }
    return new ServedStore(StateDirectory.administrationSocket(data.toRealPath()));
  }
}
