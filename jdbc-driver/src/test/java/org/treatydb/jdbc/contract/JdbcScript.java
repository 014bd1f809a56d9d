package org.treatydb.jdbc.contract;

import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs a script of the SQL suite, whose form {@code SqlScript} of calcite-adapter tells, through JDBC, and writes it with its results. */
final class JdbcScript {

  private final TestDatabase database;
  private final Map<String, Connection> connections = new HashMap<>();
  private final StringBuilder output = new StringBuilder();
  private final StringBuilder statement = new StringBuilder();
  private Connection connection;
  private String parameters;

  private JdbcScript(TestDatabase database) {
    this.database = database;
  }

  static String run(TestDatabase database, String script) throws SQLException {
    JdbcScript run = new JdbcScript(database);
    run.switchTo("main");
    for (String line : script.lines().toList()) {
      run.line(line);
    }
    run.execute();
    for (Connection open : run.connections.values()) {
      open.close();
    }
    return run.output.toString();
  }

  private void switchTo(String name) throws SQLException {
    if (!connections.containsKey(name)) {
      connections.put(name, database.connect());
    }
    connection = connections.get(name);
  }

  private void line(String line) throws SQLException {
    boolean complete = statement.toString().stripTrailing().endsWith(";");
    if (complete && line.startsWith("?")) {
      parameters = line.substring(1);
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

  private void execute() {
    String sql = statement.toString().strip();
    statement.setLength(0);
    String given = parameters;
    parameters = null;
    if (sql.isEmpty()) {
      return;
    }
    try (PreparedStatement prepared = connection.prepareStatement(sql.substring(0, sql.length() - 1))) {
      if (given != null) {
        set(prepared, given.split("\\|", -1));
      }
      if (prepared.execute()) {
        rows(prepared.getResultSet(), sql.toUpperCase(Locale.ROOT));
      } else {
        result(sql.matches("(?is)(INSERT|UPDATE|DELETE|MERGE)\\b.*") ? count(prepared.getLargeUpdateCount()) : "ok");
      }
    } catch (SQLException e) {
      result("ERROR " + e.getSQLState() + " " + e.getMessage());
    }
  }

  private static void set(PreparedStatement prepared, String[] values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      String text = values[i].strip();
      prepared.setObject(i + 1, text.equals("NULL") ? null : text.matches("-?\\d{1,9}") ? (Object) Integer.valueOf(text) : text);
    }
  }

  private void rows(ResultSet result, String sql) throws SQLException {
    List<String> labels = new ArrayList<>();
    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
      labels.add(result.getMetaData().getColumnLabel(i));
    }
    List<String> rows = new ArrayList<>();
    while (result.next()) {
      List<String> values = new ArrayList<>();
      for (int i = 1; i <= labels.size(); i++) {
        values.add(text(result.getObject(i)));
      }
      rows.add(String.join(" | ", values));
    }
    if (!sql.contains("ORDER BY") && !sql.startsWith("EXPLAIN")) {
      rows.sort(null);
    }
    result(String.join(" | ", labels));
    rows.forEach(this::result);
  }

  private static String text(Object value) {
    return switch (value) {
      case null -> "NULL";
      case byte[] bytes -> "x'" + HexFormat.of().formatHex(bytes) + "'";
      case Date date -> date.toLocalDate().toString();
      case Time time -> time.toLocalTime().toString();
      case Timestamp timestamp -> timestamp.toLocalDateTime().toString().replace('T', ' ');
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
