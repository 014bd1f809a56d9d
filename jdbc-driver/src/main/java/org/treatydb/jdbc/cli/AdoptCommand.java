package org.treatydb.jdbc.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.treatydb.kv.api.StoreSummary;
import org.treatydb.kv.embedded.StoreAdoption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a database that was moved or restored on purpose the newest at its place. */
@Command(
    name = "adopt",
    description = "For a database that YOU moved, or restored from a backup: checks all of it, and makes what is there the newest state "
        + "at its place. Commits that the copy does not have are given up. Never adopt a database that was opened without trouble before "
        + "and that nobody touched since: then its refusal is the alarm.",
    mixinStandardHelpOptions = true)
final class AdoptCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "The data directory.")
  private Path data;

  @Mixin
  private StoreArguments store;

  @Option(names = "--yes", description = "Do not ask for the store's id.")
  private boolean yes;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (TerminalProgress progress = new TerminalProgress();
        StoreAdoption adoption = new StoreAdoption(data, store.options(), progress)) {
      progress.finish();
      new SummaryPrinter(out).print(adoption.summary());
      if (adoption.isNeedless()) {
        out.println("The trusted counter vouches for exactly this state: there is nothing to adopt.");
        out.flush();
        return 0;
      }
      tellWhatIsLost(adoption, out);
      if (!yes && !confirmed(adoption.summary(), out)) {
        spec.commandLine().getErr().println("treaty: That is not the store's id. Nothing has changed.");
        return Treaty.FAILED;
      }
      adoption.register();
      out.println("Adopted. From now on this is the newest state of the database in " + data + ".");
      out.flush();
      return 0;
    }
  }

  private static void tellWhatIsLost(StoreAdoption adoption, PrintWriter out) {
    long there = adoption.summary().walRecord();
    Optional<Long> confirmed = adoption.walRecordConfirmed();
    String known = confirmed.isEmpty() ? "no counter here knows the store, so whether there were later commits cannot be told."
        : confirmed.get() > there ? "the counter had confirmed " + confirmed.get() + ": " + (confirmed.get() - there) + " commits are LOST."
        : "the counter had confirmed " + confirmed.get() + ": nothing it knows of is lost.";
    out.println("The state is as of WAL record " + there + "; " + known);
    adoption.otherStoreRemembered().ifPresent(other ->
        out.println("The counter of this place remembers another store, " + other + ", and will forget it."));
    out.flush();
  }

  private static boolean confirmed(StoreSummary summary, PrintWriter out) throws IOException {
    out.print("To adopt it, type the store's id: ");
    out.flush();
    String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    out.println();
    return answer != null && answer.strip().equals(summary.storeId());
  }
}
