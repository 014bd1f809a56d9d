package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.treatydb.jdbc.csv.CsvDialect;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code import} and {@code export} have in common. */
final class CsvArguments {

  /** The file's name that stands for standard input or output. */
  static final String STANDARD = "-";

  @Parameters(index = "0", paramLabel = "URL", description = "jdbc:treaty://HOST:PORT/ or jdbc:treaty:file:DIR")
  private String url;

  @Parameters(index = "1", paramLabel = "FILE", description = "The CSV file, UTF-8; - for standard input or output.")
  String file;

  @Option(names = "--delimiter", paramLabel = "C", description = "Stands between values; \\t for a tab. Default: a comma.")
  private String delimiter = ",";

  @Option(names = "--null", paramLabel = "TEXT", description = "Without quotes it stands for NULL. Default: nothing at all.")
  private String nullText = CsvDialect.DEFAULT.nullText();

  @Option(names = "--no-header", description = "The first line does not name the columns.")
  private boolean headless;

  @Mixin
  private UserArguments user;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  boolean hasHeader() {
    return !headless;
  }

  CsvDialect dialect() {
    String character = delimiter.equals("\\t") ? "\t" : delimiter;
    if (character.length() != 1 || "\"\r\n".contains(character)) {
      throw new ParameterException(spec.commandLine(), "'" + delimiter + "' cannot stand between values: one character can.");
    }
    return new CsvDialect(character.charAt(0), nullText);
  }

  Connection connect() throws SQLException, IOException {
    return CommandInput.connect(url, user.properties(), spec);
  }
}
