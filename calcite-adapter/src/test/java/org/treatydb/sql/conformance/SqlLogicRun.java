package org.treatydb.sql.conformance;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.session.TreatyDatabase;

/** Runs one file of the corpus on a database of its own, in memory. */
final class SqlLogicRun {

  /** What came of one record that did not give what it should: the message of its error, with the SQLState, or how its result differs. */
  record Failure(SqlLogicCorpus.Script script, SqlLogicRecord sql, String what) {}

  private final SqlLogicCorpus.Script script;
  private final int every;
  private final Consumer<Failure> failures;
  private int queries;
  private int statements;

  /**
   * A run.
   *
   * @param every of the queries, every such is run; all statements are, because queries depend on them
   * @param failures is told what did not give what it should
   */
  SqlLogicRun(SqlLogicCorpus.Script script, int every, Consumer<Failure> failures) {
    this.script = script;
    this.every = every;
    this.failures = failures;
  }

  /** How many queries were run. */
  int queries() {
    return queries;
  }

  /** How many statements were run. */
  int statements() {
    return statements;
  }

  /**
   * Runs the file.
   *
   * @param stop is asked before each record whether to leave the rest
   */
  void run(Predicate<SqlLogicRun> stop) throws IOException, SQLException {
    try (EmbeddedStore store = EmbeddedStore.openInMemory(); SqlDatabase database = TreatyDatabase.over(store);
        SqlSession session = database.openSession(); SqlLogicReader reader = new SqlLogicReader(script.open())) {
      int position = Math.floorMod(script.name().hashCode(), every);
      SqlLogicRecord next = reader.next();
      while (next != null && !stop.test(this)) {
        switch (next) {
          case SqlLogicRecord.Statement _ -> statements++;
          case SqlLogicRecord.Query _ -> queries += position % every == 0 ? 1 : 0;
        }
        String what = next instanceof SqlLogicRecord.Query && position++ % every != 0 ? null : tried(session, next);
        if (what != null) {
          failures.accept(new Failure(script, next, what));
        }
        next = reader.next();
      }
    }
  }

  /** What is wrong with what {@code next} gives in an empty database; null if nothing is. */
  static String tried(SqlLogicRecord next) throws SQLException {
    try (EmbeddedStore store = EmbeddedStore.openInMemory(); SqlDatabase database = TreatyDatabase.over(store);
        SqlSession session = database.openSession()) {
      return tried(session, next);
    }
  }

  private static String tried(SqlSession session, SqlLogicRecord next) {
    return switch (next) {
      case SqlLogicRecord.Statement statement -> ran(session, statement);
      case SqlLogicRecord.Query query -> answered(session, query);
    };
  }

  private static String ran(SqlSession session, SqlLogicRecord.Statement statement) {
    try {
      String sql = statement.fails() ? statement.sql() : cascading(statement.sql());
      if (session.prepare(sql).execute(List.of()) instanceof SqlResult.Rows rows) {
        rows.cursor().close();
      }
      return statement.fails() ? "does not fail" : null;
    } catch (SQLException e) {
      return statement.fails() && !e.getSQLState().startsWith("XX") ? null : e.getSQLState() + " " + e.getMessage();
    }
  }

  /** The corpus drops views before those that need them, which SQLite allows. */
  private static String cascading(String sql) {
    return sql.strip().matches("(?i)DROP VIEW \\w+") ? sql.strip().replaceFirst("(?i)VIEW", "VIEW IF EXISTS") + " CASCADE" : sql;
  }

  private static String answered(SqlSession session, SqlLogicRecord.Query query) {
    try {
      if (!(session.prepare(query.sql()).execute(List.of()) instanceof SqlResult.Rows rows)) {
        return "is no query";
      }
      try (var cursor = rows.cursor()) {
        return SqlLogicAnswer.of(query, cursor).difference();
      }
    } catch (SQLException e) {
      return e.getSQLState() + " " + e.getMessage();
    }
  }
}
