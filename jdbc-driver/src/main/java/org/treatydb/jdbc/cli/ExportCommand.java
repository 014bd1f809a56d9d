package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.treatydb.jdbc.csv.CsvExport;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a table, or what a query gives, to a CSV file. */
@Command(
    name = "export",
    description = "Writes a table, or the rows of a query, to a new CSV file, as they are at one moment.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

  @Mixin
  private CsvArguments csv;

  @ArgGroup(multiplicity = "1")
  private Source source;

  @Spec
  private CommandSpec spec;

  /** One of the two. */
  static final class Source {

    @Option(names = "--table", paramLabel = "TABLE", description = "The table, written as in a statement.")
    private String table;

    @Option(names = "--query", paramLabel = "SQL", description = "The query.")
    private String query;

    String sql() {
      return table == null ? query : "SELECT * FROM " + table;
    }
  }

  @Override
  public Integer call() throws SQLException, IOException {
    boolean standard = csv.file.equals(CsvArguments.STANDARD);
    try (TerminalProgress progress = new TerminalProgress(); Connection connection = csv.connect()) {
      CsvExport export = new CsvExport(connection, csv.dialect(), rows -> progress.report("export", rows, -1));
      if (standard) {
        export.run(source.sql(), csv.hasHeader(), spec.commandLine().getOut());
      } else {
        long rows = toFile(export, Path.of(csv.file));
        progress.finish();
        PrintWriter out = spec.commandLine().getOut();
        out.println(rows + " rows exported.");
        out.flush();
      }
      return 0;
    }
  }

  /** A file with a part of the rows is deleted. */
  private long toFile(CsvExport export, Path file) throws SQLException, IOException {
    Writer writer = create(file);
    boolean done = false;
    try (writer) {
      long rows = export.run(source.sql(), csv.hasHeader(), writer);
      done = true;
      return rows;
    } finally {
      if (!done) {
        Files.delete(file);
      }
    }
  }

  private static Writer create(Path file) throws IOException {
    try {
      return Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("There is a file " + file + " already.", e);
    }
  }
}
