package org.treatydb.jdbc.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.treatydb.jdbc.TreatyDriver;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sqlline.SqlLine;

/** Runs SQL: interactively in sqlline, or from a file, an argument or a pipe. */
@Command(
    name = "sql",
    description = "Opens a SQL console, or runs a script: a file (-f), an argument (-e), or what is piped in. Statements end with a "
        + "semicolon. A script stops at the first error, with exit code 1.",
    mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {

  @Parameters(paramLabel = "URL", description = "jdbc:treaty://HOST:PORT/, jdbc:treaty:file:DIR or jdbc:treaty:mem:NAME")
  private String url;

  @ArgGroup
  private Script script;

  @Spec
  private CommandSpec spec;

  /** Where a script comes from. */
  static final class Script {
    @Option(names = {"-f", "--file"}, paramLabel = "FILE", description = "Runs the statements in a file.")
    private Path file;

    @Option(names = {"-e", "--execute"}, paramLabel = "SQL", description = "Runs these statements.")
    private String text;
  }

  @Override
  public Integer call() throws SQLException, IOException {
    try (Connection connection = new TreatyDriver().connect(url, new Properties())) {
      if (connection == null) {
        throw new ParameterException(spec.commandLine(), "'" + url + "' is not a Treaty URL: it does not begin with jdbc:treaty:.");
      }
      Console console = System.console();
      if (script == null && console != null && console.isTerminal()) {
        return interactive();
      }
      try (Reader reader = reader()) {
        PrintWriter out = spec.commandLine().getOut();
        return new ScriptRunner(connection, out, spec.commandLine().getErr()).run(reader);
      }
    }
  }

  private Reader reader() throws IOException {
    if (script == null) {
      return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    } else if (script.text != null) {
      return new StringReader(script.text);
    }
    try {
      return Files.newBufferedReader(script.file);
    } catch (NoSuchFileException e) {
      throw new IOException("There is no file " + script.file + ".", e);
    }
  }

  private int interactive() throws IOException {
    String[] arguments = {"-d", TreatyDriver.class.getName(), "-u", url, "-n", "", "-p", "", "--isolation=TRANSACTION_SERIALIZABLE"};
    return SqlLine.start(arguments, null, true) == SqlLine.Status.OK ? 0 : Treaty.FAILED;
  }
}
