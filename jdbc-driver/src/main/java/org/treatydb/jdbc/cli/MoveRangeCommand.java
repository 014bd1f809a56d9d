package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.treatydb.dist.node.NodeProcess;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Moves a range of keys to another node of a cluster. */
@Command(
    name = "move-range",
    description = "Moves keys to another node, while the cluster serves; asks a node that this user runs on this machine, whichever it is. "
        + "Keys begin with their bucket, two bytes; 'treaty status --shards' shows where they lie now. Each step of the move takes or "
        + "leaves about a mebibyte. What has moved when this ends early stays so; the same command goes on with the rest.",
    mixinStandardHelpOptions = true)
final class MoveRangeCommand implements Callable<Integer> {

  static final String VERB = "move-range";

  private static final HexFormat HEX = HexFormat.of();
  private static final String NO_END = "-";

  @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration of the node to ask.")
  private Path config;

  @Option(names = "--to", required = true, paramLabel = "NODE", description = "The name of the node that is to have the range.")
  private String to;

  @Option(names = "--from", defaultValue = "", paramLabel = "HEX", description = "The first key; the first of all if not given.")
  private String from;

  @Option(names = "--until", defaultValue = NO_END, paramLabel = "HEX",
      description = "The key behind the range; if not given, the range goes to the end.")
  private String until;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    range(from, until);
    StatusCommand.node(config).cas(VERB, String.join(" ", to, from, until)).forEach(out::println);
    out.flush();
    return 0;
  }

  /** Has {@code node} do what another process's command says. */
  static List<String> run(NodeProcess node, String argument) {
    String[] words = argument.split(" ", -1);
    if (words.length != 3) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "that is no order to move a range");
    }
    return node.move(range(words[1], words[2]), words[0]);
  }

  private static KeyRange range(String from, String until) {
    try {
      KeyRange range = new KeyRange(HEX.parseHex(from), until.equals(NO_END) ? null : HEX.parseHex(until));
      if (!range.isEmpty()) {
        return range;
      }
    } catch (IllegalArgumentException e) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "keys are written in pairs of hexadecimal digits");
    }
    throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "the range ends where it begins, or before");
  }
}
