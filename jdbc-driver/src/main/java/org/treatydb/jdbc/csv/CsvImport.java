package org.treatydb.jdbc.csv;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Inserts a file's records into a table, some hundreds with each transaction, or all with one. A record that the database refuses, for its
 * data or a constraint, or that has too many or too few values, is rejected, and the others go on. Not thread-safe.
 */
public final class CsvImport {

  /**
   * What to do.
   *
   * @param table as a statement writes it
   * @param columns that the values are for; empty: as the header says, or all if there is none
   * @param header whether the first record names the columns
   * @param allOrNothing one transaction, rolled back in the end if a record is rejected
   * @param rejectionsMax after how many more nothing more is tried
   */
  public record Settings(
      String table, List<String> columns, boolean header, CsvDialect dialect, boolean allOrNothing, long rejectionsMax) {}

  /**
   * What has come of it.
   *
   * @param imported records that are in the table now
   * @param rejected records that are not
   * @param complete whether the whole file has been tried
   */
  public record Result(long imported, long rejected, boolean complete) {}

  /** PostgreSQL's bad_copy_file_format. */
  private static final String BAD_FILE = "22P04";

  private static final int CHUNK_ROWS_MAX = 500;
  private static final int CHUNK_CHARACTERS_MAX = 1 << 20;
  private static final int ATTEMPTS_MAX = 20;

  private final Connection connection;
  private final Settings settings;
  private final Consumer<Rejection> rejections;
  private final LongConsumer progress;
  private long imported;
  private long rejected;

  /**
   * Autocommit of {@code connection} is switched off. After a failure it may have a transaction open: close it, or roll back.
   *
   * @param rejections is told of each rejected record, in their order, once it will not be tried again
   * @param progress is told now and then how many characters of the file are done
   */
  public CsvImport(Connection connection, Settings settings, Consumer<Rejection> rejections, LongConsumer progress) {
    this.connection = connection;
    this.settings = settings;
    this.rejections = rejections;
    this.progress = progress;
  }

  private record Row(long line, String[] values) {}

  /**
   * Imports all that {@code file} has.
   *
   * @throws SQLException if the import cannot go on: no such table or column, an unreadable file (22P04), a lost connection. What has been
   *     committed before stays; the message says how much that is
   */
  public Result run(Reader file) throws SQLException, IOException {
    connection.setAutoCommit(false);
    try (CSVParser parser = CSVParser.builder().setReader(file).setFormat(settings.dialect.format()).get()) {
      return run(parser);
    } catch (UncheckedIOException e) {
      throw stopped(new SQLDataException("The file cannot be read on: " + e.getCause().getMessage(), BAD_FILE, e));
    } catch (SQLException e) {
      throw stopped(e);
    }
  }

  private SQLException stopped(SQLException cause) {
    String so = settings.allOrNothing || imported == 0 ? "nothing has been imported" : imported + " records before have been imported";
    return new SQLException(cause.getMessage() + " (" + so + ")", cause.getSQLState(), cause.getErrorCode(), cause);
  }

  private Result run(CSVParser parser) throws SQLException {
    Iterator<CSVRecord> records = parser.iterator();
    TableColumns columns = columns(records);
    // Reading the table's columns has begun a transaction.
    connection.commit();
    try (PreparedStatement insert = connection.prepareStatement(columns.insertStatement())) {
      List<Row> chunk = new ArrayList<>();
      long characters = 0;
      long line = parser.getCurrentLineNumber();
      while (records.hasNext() && rejected <= settings.rejectionsMax) {
        CSVRecord next = records.next();
        Row row = new Row(line + 1, next.values());
        line = parser.getCurrentLineNumber();
        if (isEmptyLine(row, columns)) {
          continue;
        }
        chunk.add(row);
        characters += Arrays.stream(row.values).mapToLong(value -> value == null ? 0 : value.length()).sum();
        if (chunk.size() == CHUNK_ROWS_MAX || characters > CHUNK_CHARACTERS_MAX) {
          write(insert, columns, chunk);
          progress.accept(next.getCharacterPosition());
          chunk.clear();
          characters = 0;
        }
      }
      write(insert, columns, chunk);
    }
    return ended(!records.hasNext());
  }

  /** A line break at the end, or between two records; of one column it may be a NULL. */
  private static boolean isEmptyLine(Row row, TableColumns columns) {
    return columns.names().size() > 1 && row.values.length == 1 && (row.values[0] == null || row.values[0].isEmpty());
  }

  private TableColumns columns(Iterator<CSVRecord> records) throws SQLException {
    TableColumns all = TableColumns.of(connection, settings.table);
    List<String> header = settings.header && records.hasNext() ? Arrays.asList(records.next().values()) : List.of();
    if (!settings.columns.isEmpty()) {
      return all.named(settings.columns);
    }
    return header.isEmpty() ? all : all.named(header);
  }

  private Result ended(boolean complete) throws SQLException {
    if (settings.allOrNothing && rejected > 0) {
      connection.rollback();
      return new Result(0, rejected, complete);
    }
    connection.commit();
    return new Result(imported, rejected, complete);
  }

  /** Inserts these rows, and commits them unless all are to be committed together. */
  private void write(PreparedStatement insert, TableColumns columns, List<Row> rows) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        List<Rejection> refused = insert(insert, columns, rows);
        if (!settings.allOrNothing) {
          connection.commit();
        }
        imported += rows.size() - refused.size();
        rejected += refused.size();
        refused.forEach(rejections);
        return;
      } catch (SQLTransactionRollbackException e) {
        if (settings.allOrNothing || attempt == ATTEMPTS_MAX) {
          throw e;
        }
        connection.rollback();
      }
    }
  }

  private List<Rejection> insert(PreparedStatement insert, TableColumns columns, List<Row> rows) throws SQLException {
    List<Rejection> refused = new ArrayList<>();
    List<Row> whole = new ArrayList<>();
    for (Row row : rows) {
      if (row.values.length == columns.names().size()) {
        whole.add(row);
      } else {
        refused.add(rejection(columns, row, new SQLDataException(
            row.values.length + " values for " + columns.names().size() + " columns.", BAD_FILE)));
      }
    }
    Savepoint before = connection.setSavepoint();
    try {
      for (Row row : whole) {
        set(insert, row);
        insert.addBatch();
      }
      insert.executeBatch();
      connection.releaseSavepoint(before);
    } catch (SQLException e) {
      insert.clearBatch();
      if (!isForTheRecord(e)) {
        throw e;
      }
      connection.rollback(before);
      for (Row row : whole) {
        insertAlone(insert, columns, row, refused);
      }
    }
    refused.sort((left, right) -> Long.compare(left.line(), right.line()));
    return refused;
  }

  private static void insertAlone(
      PreparedStatement insert, TableColumns columns, Row row, List<Rejection> refused) throws SQLException {
    try {
      set(insert, row);
      insert.executeUpdate();
    } catch (SQLException e) {
      if (!isForTheRecord(e)) {
        throw e;
      }
      refused.add(rejection(columns, row, e));
    }
  }

  private static Rejection rejection(TableColumns columns, Row row, SQLException reason) {
    return new Rejection(row.line, columns.names(), Arrays.asList(row.values), reason);
  }

  /** Whether another record may do better: it is the data, or a constraint. */
  private static boolean isForTheRecord(SQLException e) {
    String state = e.getSQLState();
    return e instanceof SQLDataException || e instanceof SQLIntegrityConstraintViolationException
        || state != null && (state.startsWith("22") || state.startsWith("23"));
  }

  private static void set(PreparedStatement insert, Row row) throws SQLException {
    for (int i = 0; i < row.values.length; i++) {
      insert.setString(i + 1, row.values[i]);
    }
  }
}
