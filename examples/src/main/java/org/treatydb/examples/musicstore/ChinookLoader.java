package org.treatydb.examples.musicstore;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Copies the Chinook music store (11 tables, 15,607 rows) out of the HSQLDB that ships with it, through JDBC on both
 * sides. Names change from {@code "InvoiceLine"."UnitPrice"} to {@code invoice_line.unit_price}.
 */
public final class ChinookLoader {

  private static final String SOURCE = "jdbc:hsqldb:res:chinook;readonly=true";
  private static final String SOURCE_SCHEMA = "chinook";
  private static final int ROWS_PER_BATCH = 500;

  private final Connection target;

  public ChinookLoader(Connection target) {
    this.target = target;
  }

  /** Creates and fills every table, one transaction a table; returns the number of rows. */
  public long load() throws SQLException {
    try (Connection source = DriverManager.getConnection(SOURCE, "SA", "")) {
      List<String> tables = tables(source);
      long total = 0;
      for (String table : tables) {
        total += count(source, table);
      }
      try (ProgressBar progress = progressBar(total)) {
        for (String table : tables) {
          progress.setExtraMessage(snakeCase(table));
          copy(source, table, progress);
        }
        progress.setExtraMessage("");
      }
      return total;
    }
  }

  private static ProgressBar progressBar(long rows) {
    return new ProgressBarBuilder()
        .setTaskName("  loading")
        .setInitialMax(rows)
        .setUnit(" rows", 1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(100)
        .setMaxRenderedLength(100)
        .build();
  }

  private static List<String> tables(Connection source) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet tables = source.getMetaData().getTables(null, SOURCE_SCHEMA, null, new String[] {"TABLE"})) {
      while (tables.next()) {
        names.add(tables.getString("TABLE_NAME"));
      }
    }
    return names;
  }

  private static long count(Connection source, String table) throws SQLException {
    try (Statement statement = source.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + quoted(table))) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static String quoted(String table) {
    return "\"" + SOURCE_SCHEMA + "\".\"" + table + "\"";
  }

  static String snakeCase(String camelCase) {
    return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  private void copy(Connection source, String table, ProgressBar progress) throws SQLException {
    try (Statement create = target.createStatement()) {
      create.execute(definition(source.getMetaData(), table));
    }
    target.setAutoCommit(false);
    try (Statement read = source.createStatement();
        ResultSet rows = read.executeQuery("SELECT * FROM " + quoted(table));
        PreparedStatement write = target.prepareStatement(insert(rows.getMetaData(), table))) {
      int columns = rows.getMetaData().getColumnCount();
      int waiting = 0;
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          write.setObject(i, rows.getObject(i));
        }
        write.addBatch();
        if (++waiting == ROWS_PER_BATCH) {
          write.executeBatch();
          waiting = 0;
        }
        progress.step();
      }
      if (waiting > 0) {
        write.executeBatch();
      }
    }
    target.commit();
    target.setAutoCommit(true);
  }

  private static String definition(DatabaseMetaData source, String table) throws SQLException {
    List<String> parts = new ArrayList<>();
    try (ResultSet columns = source.getColumns(null, SOURCE_SCHEMA, table, null)) {
      while (columns.next()) {
        boolean notNull = columns.getInt("NULLABLE") == DatabaseMetaData.columnNoNulls;
        parts.add(snakeCase(columns.getString("COLUMN_NAME")) + " " + type(columns) + (notNull ? " NOT NULL" : ""));
      }
    }
    parts.add("PRIMARY KEY (" + String.join(", ", primaryKey(source, table)) + ")");
    return "CREATE TABLE " + snakeCase(table) + " (" + String.join(", ", parts) + ")";
  }

  private static String type(ResultSet column) throws SQLException {
    String name = column.getString("TYPE_NAME");
    return switch (name) {
      case "VARCHAR" -> "VARCHAR(" + column.getInt("COLUMN_SIZE") + ")";
      case "DECIMAL" -> "DECIMAL(" + column.getInt("COLUMN_SIZE") + ", " + column.getInt("DECIMAL_DIGITS") + ")";
      default -> name;
    };
  }

  private static List<String> primaryKey(DatabaseMetaData source, String table) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet columns = source.getPrimaryKeys(null, SOURCE_SCHEMA, table)) {
      while (columns.next()) {
        int position = columns.getInt("KEY_SEQ");
        while (names.size() < position) {
          names.add(null);
        }
        names.set(position - 1, snakeCase(columns.getString("COLUMN_NAME")));
      }
    }
    return names;
  }

  private static String insert(ResultSetMetaData columns, String table) throws SQLException {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      names.add(snakeCase(columns.getColumnName(i)));
    }
    String marks = IntStream.range(0, names.size()).mapToObj(i -> "?").collect(Collectors.joining(", "));
    return "INSERT INTO " + snakeCase(table) + " (" + String.join(", ", names) + ") VALUES (" + marks + ")";
  }

  /** The names under which a customer might be found in a file. */
  public static List<String> customerSecrets(Connection store) throws SQLException {
    List<String> secrets = new ArrayList<>();
    try (Statement statement = store.createStatement();
        ResultSet rows = statement.executeQuery("SELECT first_name, last_name, email FROM customer")) {
      while (rows.next()) {
        Collections.addAll(secrets, rows.getString(1), rows.getString(2), rows.getString(3));
      }
    }
    // Shorter names turn up in megabytes of random bytes by chance.
    secrets.removeIf(secret -> secret.length() < 6);
    return secrets;
  }
}
