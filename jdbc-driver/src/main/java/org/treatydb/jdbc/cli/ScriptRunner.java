package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Runs a script, statement by statement, and prints the rows of its queries and nothing else. Stops at the first error. */
final class ScriptRunner {

  private final Connection connection;
  private final PrintWriter out;
  private final PrintWriter err;

  ScriptRunner(Connection connection, PrintWriter out, PrintWriter err) {
    this.connection = connection;
    this.out = out;
    this.err = err;
  }

  /** Runs the script; 0 if all went well, 1 if a statement failed. */
  int run(Reader script) throws IOException {
    StatementReader statements = new StatementReader(script);
    for (String sql = statements.next(); sql != null; sql = statements.next()) {
      try (Statement statement = connection.createStatement()) {
        if (statement.execute(sql)) {
          new TablePrinter(out).print(statement.getResultSet());
        }
        out.flush();
      } catch (SQLException e) {
        out.flush();
        err.println("treaty: line " + statements.statementLine() + ": " + Treaty.describe(e));
        return Treaty.FAILED;
      }
    }
    return 0;
  }
}
