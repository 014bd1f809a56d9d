package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.treatydb.jdbc.csv.CsvImport;
import org.treatydb.jdbc.csv.Rejection;
import org.treatydb.jdbc.csv.RejectionFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads a CSV file into a table. */
@Command(
    name = "import",
    description = "Inserts the records of a CSV file into a table. Those that the database refuses are told with their lines, and the "
        + "others are imported. Exit code 0: all are in the table; 1: some are not.",
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {

  @Mixin
  private CsvArguments csv;

  @Option(names = "--table", required = true, paramLabel = "TABLE", description = "The table, written as in a statement.")
  private String table;

  @Option(names = "--columns", split = ",", paramLabel = "NAME",
      description = "The columns that the values are for. Default: those the header names; all if there is none.")
  private List<String> columns = List.of();

  @Option(names = "--all-or-nothing", description = "One transaction: import nothing if a record is refused.")
  private boolean allOrNothing;

  @Option(names = "--max-rejected", paramLabel = "N",
      description = "Stop when more than so many records are refused. Default: ${DEFAULT-VALUE}")
  private long rejectedMax = 1000;

  @Option(names = "--rejected", paramLabel = "FILE",
      description = "Write the refused records to this new file, to correct and import again.")
  private Path rejectedFile;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws SQLException, IOException {
    CsvImport.Settings settings =
        new CsvImport.Settings(table, columns, csv.hasHeader(), csv.dialect(), allOrNothing, rejectedMax);
    PrintWriter out = spec.commandLine().getOut();
    try (Reader file = open();
        Writer rejected = rejectedFile == null
            ? Writer.nullWriter() : Files.newBufferedWriter(rejectedFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        TerminalProgress progress = new TerminalProgress();
        Connection connection = csv.connect()) {
      RejectionFile refused = new RejectionFile(rejected, settings.dialect(), settings.header());
      long characters = csv.file.equals(CsvArguments.STANDARD) ? -1 : Files.size(Path.of(csv.file));
      CsvImport.Result result = new CsvImport(connection, settings, each -> {
        progress.finish();
        tell(each);
        refused.accept(each);
      }, done -> progress.report("import", done, characters)).run(file);
      progress.finish();
      out.println(describe(result));
      out.flush();
      return result.rejected() == 0 && result.complete() ? 0 : Treaty.FAILED;
    }
  }

  private Reader open() throws IOException {
    return csv.file.equals(CsvArguments.STANDARD) ? CommandInput.standard() : CommandInput.file(Path.of(csv.file));
  }

  private void tell(Rejection rejection) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("line " + rejection.line() + ": " + Treaty.describe(rejection.reason()));
    err.flush();
  }

  private String describe(CsvImport.Result result) {
    String rejected = result.rejected() == 0 ? "" : ", " + result.rejected() + " rejected";
    String rest = result.complete() ? "" : "; too many are rejected: what comes behind has not been tried";
    return result.imported() + " records imported" + rejected + rest + ".";
  }
}
