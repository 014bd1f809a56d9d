package org.treatydb.jdbc.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.treatydb.jdbc.TreatyDriver;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a command works on: the database of a URL, and a text. */
final class CommandInput {

  private CommandInput() {}

  /** Connects; a URL that is none of Treaty's means that the command was called wrongly. */
  static Connection connect(String url, Properties known, CommandSpec command) throws SQLException {
    Connection connection = new TreatyDriver().connect(url, known);
    if (connection == null) {
      throw new ParameterException(command.commandLine(), "'" + url + "' is not a Treaty URL: it does not begin with jdbc:treaty:.");
    }
    return connection;
  }

  static BufferedReader file(Path file) throws IOException {
    try {
      return Files.newBufferedReader(file);
    } catch (NoSuchFileException e) {
      throw new IOException("There is no file " + file + ".", e);
    }
  }

  static BufferedReader standard() {
    return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  }
}
