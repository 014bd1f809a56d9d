package org.treatydb.jdbc.csv;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Columns of a table that values are for, in the order of the values.
 *
 * @param table as a statement writes it
 * @param names exactly as the table has them
 */
record TableColumns(String table, List<String> names) {

  private static final String UNKNOWN_COLUMN = "42703";
  private static final String DUPLICATE_COLUMN = "42701";

  /** All columns of the table. */
  static TableColumns of(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet none = statement.executeQuery("SELECT * FROM " + table + " WHERE FALSE")) {
      ResultSetMetaData metaData = none.getMetaData();
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= metaData.getColumnCount(); i++) {
        names.add(metaData.getColumnName(i));
      }
      return new TableColumns(table, names);
    }
  }

  /** Those with these names, whose case counts only where names differ in nothing else. */
  TableColumns named(List<String> wanted) throws SQLException {
    List<String> found = new ArrayList<>();
    for (String each : wanted) {
      String name = find(each);
      if (found.contains(name)) {
        throw new SQLSyntaxErrorException("The column \"" + name + "\" is named twice.", DUPLICATE_COLUMN);
      }
      found.add(name);
    }
    return new TableColumns(table, found);
  }

  private String find(String wanted) throws SQLException {
    if (wanted != null && names.contains(wanted)) {
      return wanted;
    }
    List<String> similar = names.stream().filter(name -> name.equalsIgnoreCase(wanted)).toList();
    if (similar.size() != 1) {
      throw new SQLSyntaxErrorException(
          "The table " + table + " has no column \"" + wanted + "\"; it has " + String.join(", ", names) + ".", UNKNOWN_COLUMN);
    }
    return similar.getFirst();
  }

  String insertStatement() {
    String quoted = names.stream().map(name -> '"' + name.replace("\"", "\"\"") + '"').collect(Collectors.joining(", "));
    String values = String.join(", ", Collections.nCopies(names.size(), "?"));
    return "INSERT INTO " + table + " (" + quoted + ") VALUES (" + values + ")";
  }
}
