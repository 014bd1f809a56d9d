package org.treatydb.jdbc.cli;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/** Prints rows as a table: a head, a rule, the rows, numbers to the right. Widths come from the first rows; later ones may stick out. */
final class TablePrinter {

  /** Rows that are held back to find out how wide the columns are. */
  private static final int ROWS_MEASURED = 1000;
  private static final String NULL = "NULL";

  private final PrintWriter out;

  TablePrinter(PrintWriter out) {
    this.out = out;
  }

  void print(ResultSet rows) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    int count = columns.getColumnCount();
    String[] head = new String[count];
    boolean[] right = new boolean[count];
    int[] widths = new int[count];
    for (int i = 0; i < count; i++) {
      head[i] = columns.getColumnLabel(i + 1);
      right[i] = isNumber(columns.getColumnType(i + 1));
      widths[i] = width(head[i]);
    }
    List<String[]> first = new ArrayList<>();
    while (first.size() < ROWS_MEASURED && rows.next()) {
      String[] row = read(rows, count);
      first.add(row);
      for (int i = 0; i < count; i++) {
        widths[i] = Math.max(widths[i], width(row[i]));
      }
    }
    line(head, widths, new boolean[count]);
    rule(widths);
    for (String[] row : first) {
      line(row, widths, right);
    }
    while (rows.next()) {
      line(read(rows, count), widths, right);
    }
  }

  private static String[] read(ResultSet rows, int count) throws SQLException {
    String[] row = new String[count];
    for (int i = 0; i < count; i++) {
      String text = rows.getString(i + 1);
      row[i] = text == null ? NULL : text.replace("\n", "\\n").replace("\r", "\\r");
    }
    return row;
  }

  private void line(String[] row, int[] widths, boolean[] right) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.length; i++) {
      String pad = " ".repeat(Math.max(0, widths[i] - width(row[i])));
      line.append(i == 0 ? " " : " | ").append(right[i] ? pad + row[i] : row[i] + pad);
    }
    out.println(line.toString().stripTrailing());
  }

  private void rule(int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(i == 0 ? "" : "+").append("-".repeat(widths[i] + 2));
    }
    out.println(line);
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  private static boolean isNumber(int jdbcType) {
    return switch (jdbcType) {
      case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.DECIMAL, Types.NUMERIC, Types.REAL, Types.FLOAT, Types.DOUBLE -> true;
      default -> false;
    };
  }
}
