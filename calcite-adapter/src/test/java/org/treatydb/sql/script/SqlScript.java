package org.treatydb.sql.script;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.treatydb.sql.api.SqlCursor;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlStatement;

/**
 * Runs a script and writes it again with the results it gave. A script is text in this form:
 *
 * <pre>
 * # A comment.
 * SELECT id, name FROM track WHERE id = ?
 *   AND name IS NOT NULL;
 * ? 2
 * > id | name
 * > 2 | Sun
 * </pre>
 *
 * <p>A statement ends with a semicolon at the end of a line. A line that begins with {@code ?} gives its parameters: numbers, NULL, or
 * text, separated by bars. Lines that begin with {@code >} are what it gave: a header and rows, a count, {@code ok}, or {@code ERROR}, the
 * SQLState and the message. Rows are sorted, unless the statement says ORDER BY or EXPLAIN. {@code @name} alone on a line goes on in
 * another session; the first is {@code @main}.
 */
final class SqlScript {

  private static final String MAIN = "main";

  private final SqlDatabase database;
  private final Map<String, SqlSession> sessions = new HashMap<>();
  private final StringBuilder output = new StringBuilder();
  private final StringBuilder statement = new StringBuilder();
  private SqlSession session;
  private List<Object> parameters;

  private SqlScript(SqlDatabase database) {
    this.database = database;
  }

  /** The script with its results. */
  static String run(SqlDatabase database, String script) throws SQLException {
    SqlScript run = new SqlScript(database);
    run.switchTo(MAIN);
    for (String line : script.lines().toList()) {
      run.line(line);
    }
    run.execute();
    run.sessions.values().forEach(SqlSession::close);
    return run.output.toString();
  }

  private void switchTo(String name) throws SQLException {
    if (!sessions.containsKey(name)) {
      sessions.put(name, database.openSession());
    }
    session = sessions.get(name);
  }

  private void line(String line) throws SQLException {
    boolean complete = statement.toString().stripTrailing().endsWith(";");
    if (complete && line.startsWith("?")) {
      parameters = parameters(line.substring(1));
      output.append(line).append('\n');
    } else if (!line.startsWith(">")) {
      if (complete) {
        execute();
      }
      if (line.startsWith("@")) {
        switchTo(line.substring(1).strip());
      } else if (!line.startsWith("#") && (!line.isBlank() || !statement.isEmpty())) {
        statement.append(line).append('\n');
      }
      output.append(line).append('\n');
    }
  }

  private static List<Object> parameters(String line) {
    List<Object> values = new ArrayList<>();
    for (String part : line.split("\\|", -1)) {
      String text = part.strip();
      values.add(text.equals("NULL") ? null : text.matches("-?\\d{1,9}") ? (Object) Integer.valueOf(text) : text);
    }
    return values;
  }

  private void execute() {
    String sql = statement.toString().strip();
    statement.setLength(0);
    List<Object> given = parameters == null ? List.of() : parameters;
    parameters = null;
    if (sql.isEmpty()) {
      return;
    }
    try {
      SqlStatement prepared = session.prepare(sql.substring(0, sql.length() - 1));
      switch (prepared.execute(given)) {
        case SqlResult.UpdateCount(long rows) -> result(prepared.kind() == SqlStatement.Kind.MODIFY ? count(rows) : "ok");
        case SqlResult.Rows(SqlCursor cursor) -> rows(prepared, cursor, sql.toUpperCase(Locale.ROOT));
      }
    } catch (SQLException e) {
      result("ERROR " + e.getSQLState() + " " + e.getMessage());
    }
  }

  private void rows(SqlStatement prepared, SqlCursor cursor, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (cursor) {
      while (cursor.next()) {
        rows.add(text(cursor.row(), prepared));
      }
    }
    if (!sql.contains("ORDER BY") && !sql.startsWith("EXPLAIN")) {
      rows.sort(null);
    }
    result(String.join(" | ", prepared.columns().stream().map(column -> column.name()).toList()));
    rows.forEach(this::result);
  }

  private static String text(Object[] row, SqlStatement statement) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < row.length; i++) {
      values.add(text(row[i], statement.columns().get(i).jdbcType()));
    }
    return String.join(" | ", values);
  }

  private static String text(Object value, int jdbcType) {
    return switch (value) {
      case null -> "NULL";
      case byte[] bytes -> "x'" + HexFormat.of().formatHex(bytes) + "'";
      case Integer days when jdbcType == java.sql.Types.DATE -> java.time.LocalDate.ofEpochDay(days).toString();
      case Integer millis when jdbcType == java.sql.Types.TIME -> java.time.LocalTime.ofNanoOfDay(millis * 1_000_000L).toString();
      case Long millis when jdbcType == java.sql.Types.TIMESTAMP ->
          java.time.LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000), (int) Math.floorMod(millis, 1000L) * 1_000_000,
              java.time.ZoneOffset.UTC).toString().replace('T', ' ');
      default -> value.toString();
    };
  }

  private static String count(long rows) {
    return rows + (rows == 1 ? " row" : " rows");
  }

  private void result(String line) {
    output.append("> ").append(line.replace("\n", "\n> ")).append('\n');
  }
}
