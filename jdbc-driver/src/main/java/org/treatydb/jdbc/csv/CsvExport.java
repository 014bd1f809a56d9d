package org.treatydb.jdbc.csv;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.LongConsumer;
import org.apache.commons.csv.CSVPrinter;

/** Writes a query's rows to a file that {@link CsvImport} reads: one snapshot of the database. Not thread-safe. */
public final class CsvExport {

  private static final int FETCH_ROWS = 1000;

  private final Connection connection;
  private final CsvDialect dialect;
  private final LongConsumer progress;

  /**
   * Autocommit of {@code connection} is switched off, and it becomes read-only.
   *
   * @param progress is told now and then how many rows are written
   */
  public CsvExport(Connection connection, CsvDialect dialect, LongConsumer progress) {
    this.connection = connection;
    this.dialect = dialect;
    this.progress = progress;
  }

  /**
   * Writes the rows of {@code query} and returns how many they are; leaves {@code out} open.
   *
   * @param header whether the columns' names come first
   */
  public long run(String query, boolean header, Appendable out) throws SQLException, IOException {
    connection.setAutoCommit(false);
    connection.setReadOnly(true);
    CSVPrinter printer = new CSVPrinter(out, dialect.format());
    long count = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH_ROWS);
      try (ResultSet rows = statement.executeQuery(query)) {
        ResultSetMetaData columns = rows.getMetaData();
        if (header) {
          for (int i = 1; i <= columns.getColumnCount(); i++) {
            printer.print(columns.getColumnLabel(i));
          }
          printer.println();
        }
        while (rows.next()) {
          for (int i = 1; i <= columns.getColumnCount(); i++) {
            printer.print(value(rows, i));
          }
          printer.println();
          if (++count % FETCH_ROWS == 0) {
            progress.accept(count);
          }
        }
      }
    }
    printer.flush();
    connection.rollback();
    return count;
  }

  /** Numbers stand without quotes, all else is text. */
  private static Object value(ResultSet rows, int column) throws SQLException {
    return rows.getObject(column) instanceof Number number ? number : rows.getString(column);
  }
}
