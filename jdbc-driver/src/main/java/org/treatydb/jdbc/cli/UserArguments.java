package org.treatydb.jdbc.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Properties;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options by which a command says who connects. The password stands in no command line. */
final class UserArguments {

  @Option(names = {"-u", "--user"}, paramLabel = "NAME", description = "Who connects. The password is asked for at a terminal.")
  private String user;

  @Option(names = "--password-file", paramLabel = "FILE", description = "The file whose first line is the user's password.")
  private Path passwordFile;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** User and password, as the driver wants them; none if no user was given. */
  Properties properties() throws IOException {
    Properties properties = new Properties();
    if (user == null && passwordFile != null) {
      throw new ParameterException(spec.commandLine(), "--password-file needs --user.");
    } else if (user != null) {
      properties.setProperty("user", user);
      properties.setProperty("password", password());
    }
    return properties;
  }

  private String password() throws IOException {
    if (passwordFile != null) {
      return StoreArguments.firstLine("password", passwordFile);
    }
    Console console = System.console();
    char[] typed = console != null && console.isTerminal() ? console.readPassword("Password of %s: ", user) : null;
    return typed == null ? "" : new String(typed);
  }
}
