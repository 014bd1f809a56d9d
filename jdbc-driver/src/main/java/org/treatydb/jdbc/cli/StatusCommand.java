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

  @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration of the node to ask.")
  private Path config;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Path data = NodeConfiguration.read(config).data();
    if (!Files.exists(data)) {
      throw new KvException.Unavailable(ErrorCode.NOT_A_STORE, "the node of " + config + " has never run here", null);
    }
    PrintWriter out = spec.commandLine().getOut();
    new ServedStore(StateDirectory.administrationSocket(data.toRealPath())).cas(VERB, "").forEach(out::println);
    out.flush();
    return 0;
  }
}
