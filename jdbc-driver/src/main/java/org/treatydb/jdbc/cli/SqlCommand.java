package org.treatydb.jdbc.cli;

import java.io.Console;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.treatydb.jdbc.TreatyDriver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Option(names = {"-f", "--file"}, paramLabel = "FILE", description = "Runs the statements in a file.")
  private Path file;

  @Option(names = {"-e", "--execute"}, paramLabel = "SQL", description = "Runs these statements. Given several times: one after the other.")
  private List<String> texts = List.of();

  @Mixin
  private UserArguments user;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws SQLException, IOException {
    if (file != null && !texts.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Give either -f or -e, not both.");
    }
    Console console = System.console();
    boolean interactive = file == null && texts.isEmpty() && console != null && console.isTerminal();
    List<Reader> scripts = interactive ? List.of() : scripts();
    Properties known = user.properties();
    try (Connection connection = CommandInput.connect(url, known, spec)) {
      return interactive ? interactive(known) : run(connection, scripts);
    } finally {
      for (Reader script : scripts) {
        script.close();
      }
    }
  }

  private int run(Connection connection, List<Reader> scripts) throws IOException {
    ScriptRunner runner = new ScriptRunner(connection, spec.commandLine().getOut(), spec.commandLine().getErr());
    int exitCode = 0;
    for (int i = 0; i < scripts.size() && exitCode == 0; i++) {
      exitCode = runner.run(scripts.get(i));
    }
    return exitCode;
  }

  /** What there is to run, opened before the database is: a call that is refused must leave no new database behind. */
  private List<Reader> scripts() throws IOException {
    List<Reader> scripts = new ArrayList<>();
    if (file != null) {
      scripts.add(CommandInput.file(file));
    } else if (texts.isEmpty()) {
      scripts.add(CommandInput.standard());
    }
    texts.forEach(text -> scripts.add(new StringReader(text)));
    return scripts;
  }

  private int interactive(Properties known) throws IOException {
    String[] arguments = {"-d", TreatyDriver.class.getName(), "-u", url, "-n", known.getProperty("user", ""), "-p",
        known.getProperty("password", ""), "--isolation=TRANSACTION_SERIALIZABLE"};
    return SqlLine.start(arguments, null, true) == SqlLine.Status.OK ? 0 : Treaty.FAILED;
  }
}
