package org.treatydb.jdbc;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.avatica.ColumnMetaData;

/** What a program wants of SQL text: what kind of result, and which columns of the rows it inserts. Immutable. */
final class Wanted {

  /** What the text may give; the database runs nothing that gives something else. The order is that of the server's. */
  enum Result { ANYTHING, ROWS, COUNT }

  /** What an INSERT is to give beside its count. The order is that of the server's. */
  private enum Keys { NONE, GENERATED, ALL_COLUMNS }

  static final Wanted ANYTHING = new Wanted(Result.ANYTHING, Keys.NONE, null, null);
  static final Wanted ROWS = new Wanted(Result.ROWS, Keys.NONE, null, null);
  static final Wanted COUNT = new Wanted(Result.COUNT, Keys.NONE, null, null);

  private final Result result;
  private final Keys keys;
  /** Of all columns, those with these names, if not null. */
  private final String[] names;
  /** Of all columns, those with these numbers, if not null. */
  private final int[] numbers;

  private Wanted(Result result, Keys keys, String[] names, int[] numbers) {
    this.result = result;
    this.keys = keys;
    this.names = names;
    this.numbers = numbers;
  }

  /** As JDBC's flag says. */
  Wanted withKeys(int flag) throws SQLException {
    if (flag != Statement.RETURN_GENERATED_KEYS && flag != Statement.NO_GENERATED_KEYS) {
      throw SqlErrors.of(SqlErrors.INVALID_ARGUMENT, "There is no constant " + flag + " for generated keys.");
    }
    return flag == Statement.RETURN_GENERATED_KEYS ? new Wanted(result, Keys.GENERATED, null, null) : this;
  }

  Wanted withKeys(String[] columnNames) {
    return columnNames == null || columnNames.length == 0 ? this : new Wanted(result, Keys.ALL_COLUMNS, columnNames.clone(), null);
  }

  Wanted withKeys(int[] columnNumbers) {
    return columnNumbers == null || columnNumbers.length == 0 ? this : new Wanted(result, Keys.ALL_COLUMNS, null, columnNumbers.clone());
  }

  /** Sent as the limit of rows, of which Avatica uses the positive numbers and −1. */
  long code() {
    return -1 - result.ordinal() - (long) keys.ordinal() * Result.values().length;
  }

  /** Whether {@link #positions} may find that a column is missing. */
  boolean namesColumns() {
    return keys == Keys.ALL_COLUMNS;
  }

  /**
   * Which of the columns that the database gives are wanted, from 0.
   *
   * @throws SQLException 42703 or 07009 if one is not there
   */
  int[] positions(List<ColumnMetaData> columns) throws SQLException {
    int[] all = new int[columns.size()];
    Arrays.setAll(all, i -> i);
    if (names == null && numbers == null) {
      return all;
    }
    int[] positions = new int[names == null ? numbers.length : names.length];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = names == null ? position(numbers[i], columns) : position(names[i], columns);
    }
    return positions;
  }

  private static int position(int number, List<ColumnMetaData> columns) throws SQLException {
    if (number < 1 || number > columns.size()) {
      throw SqlErrors.of(SqlErrors.INVALID_INDEX, "There is no column " + number + "; the table has " + columns.size() + ".");
    }
    return number - 1;
  }

  /** The column of exactly that name or else, since names in JDBC may come in any case, of a similar one. */
  private static int position(String name, List<ColumnMetaData> columns) throws SQLException {
    int similar = -1;
    for (int i = columns.size() - 1; i >= 0; i--) {
      if (columns.get(i).columnName.equals(name)) {
        return i;
      }
      similar = columns.get(i).columnName.equalsIgnoreCase(name) ? i : similar;
    }
    if (similar < 0) {
      throw SqlErrors.of(SqlErrors.UNKNOWN_COLUMN, "The table has no column '" + name + "'.");
    }
    return similar;
  }
}
