package org.treatydb.jdbc.cli;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.treatydb.jdbc.TreatyDriver;
import org.treatydb.kv.api.KvException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The launcher's main class. */
@Command(
    name = "treaty",
    description = "A SQL database for machines its users do not trust.",
    mixinStandardHelpOptions = true,
    versionProvider = Treaty.Version.class,
    subcommands = {
        ServerCommand.class, SqlCommand.class, ImportCommand.class, ExportCommand.class, Treaty.ClasspathCommand.class,
        AdoptCommand.class, BackupCommand.class, RekeyCommand.class, VerifyCommand.class, CasCommand.class, NodeCommand.class,
        StatusCommand.class, MoveRangeCommand.class, MeasureCommand.class})
public final class Treaty implements Callable<Integer> {

  static final int FAILED = 1;

  @Spec
  private CommandSpec spec;

  public static void main(String[] arguments) {
    int exitCode = new CommandLine(new Treaty())
        .setExecutionExceptionHandler((e, line, result) -> {
          line.getErr().println("treaty: " + describe(e));
          return FAILED;
        })
        .execute(arguments);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /** One line that says what is wrong, with the SQLState if there is one. */
  static String describe(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    if (e instanceof KvException kv) {
      return "[" + kv.code().sqlState() + "] " + message;
    }
    return e instanceof SQLException sql && sql.getSQLState() != null ? "[" + sql.getSQLState() + "] " + message : message;
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "Say what to do: server, sql, import, export, classpath, adopt, backup, rekey, verify, cas, node, status, "
            + "move-range or measure.");
  }

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"treaty " + TreatyDriver.VERSION};
    }
  }

  /** Prints the class path this process was started with, which is the one a program needs. */
  @Command(
      name = "classpath",
      description = "Prints the class path that a Java program needs for the URLs jdbc:treaty:file:DIR and jdbc:treaty:mem:NAME.",
      mixinStandardHelpOptions = true)
  static final class ClasspathCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      out.println(System.getProperty("java.class.path"));
      out.flush();
      return 0;
    }
  }
}
