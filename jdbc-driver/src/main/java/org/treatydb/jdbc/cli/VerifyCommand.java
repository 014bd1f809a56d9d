package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.treatydb.kv.api.StoreSummary;
import org.treatydb.kv.embedded.StoreVerification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads and checks a whole database that nobody has open. */
@Command(
    name = "verify",
    description = "Reads and checks everything in a database that nobody has open, and changes nothing. Exit code 0: all is as it was "
        + "left; 1: it is not, or could not be read, and the message says why.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "The data directory.")
  private Path data;

  @Mixin
  private StoreArguments store;

  @Option(names = "--copy", description = "DIR is a backup or another copy that no trusted counter vouches for: check everything but "
      + "whether it is the newest state.")
  private boolean copy;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    StoreSummary summary;
    try (TerminalProgress progress = new TerminalProgress()) {
      summary = copy
          ? StoreVerification.verifyCopy(data, store.options(), progress)
          : StoreVerification.verify(data, store.options(), progress);
    }
    PrintWriter out = spec.commandLine().getOut();
    new SummaryPrinter(out).print(summary);
    out.println(copy ? "Everything is authentic and belongs together. Whether it is the newest state, only a counter can say."
        : "Everything is as it was left.");
    out.flush();
    return 0;
  }
}
