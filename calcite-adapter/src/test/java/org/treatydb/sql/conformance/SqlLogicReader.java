package org.treatydb.sql.conformance;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the records of a sqllogictest file that are meant for us: those for all databases, those for PostgreSQL only, and those that spare
 * some database. The format is explained at sqlite.org/sqllogictest.
 */
final class SqlLogicReader implements Closeable {

  private static final String OURS = "postgresql";
  private static final String HASH = " values hashing to ";

  private final BufferedReader reader;
  private int line;

  SqlLogicReader(InputStream file) {
    this.reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
  }

  /** The next record; null at the end of the file. */
  SqlLogicRecord next() throws IOException {
    boolean ours = true;
    for (String text = readLine(); text != null; text = readLine()) {
      String[] words = text.strip().split("\\s+");
      switch (words[0]) {
        case "onlyif" -> ours &= words[1].equals(OURS);
        case "statement" -> {
          SqlLogicRecord.Statement statement = new SqlLogicRecord.Statement(line, paragraph(), words[1].equals("error"));
          if (ours) {
            return statement;
          }
          ours = true;
        }
        case "query" -> {
          SqlLogicRecord.Query query = query(words);
          if (ours) {
            return query;
          }
          ours = true;
        }
        case "halt" -> {
          if (ours) {
            return null;
          }
          ours = true;
        }
        default -> { /* Comments, empty lines, skipif, hash-threshold. */ }
      }
    }
    return null;
  }

  private SqlLogicRecord.Query query(String[] words) throws IOException {
    int start = line;
    String types = words[1];
    SqlLogicRecord.Order order =
        words.length < 3 ? SqlLogicRecord.Order.NOSORT : SqlLogicRecord.Order.valueOf(words[2].toUpperCase(Locale.ROOT));
    StringBuilder sql = new StringBuilder();
    String text = readLine();
    while (text != null && !text.equals("----") && !text.isBlank()) {
      sql.append(text).append('\n');
      text = readLine();
    }
    List<String> values = new ArrayList<>();
    if (text != null && text.equals("----")) {
      for (text = readLine(); text != null && !text.isBlank(); text = readLine()) {
        values.add(text);
      }
    }
    int hash = values.size() == 1 ? values.getFirst().indexOf(HASH) : -1;
    return hash < 0 ? new SqlLogicRecord.Query(start, sql.toString(), types, order, values, values.size(), null)
        : new SqlLogicRecord.Query(start, sql.toString(), types, order, null, Integer.parseInt(values.getFirst().substring(0, hash)),
            values.getFirst().substring(hash + HASH.length()));
  }

  private String paragraph() throws IOException {
    StringBuilder sql = new StringBuilder();
    for (String text = readLine(); text != null && !text.isBlank(); text = readLine()) {
      sql.append(text).append('\n');
    }
    return sql.toString();
  }

  private String readLine() throws IOException {
    line++;
    return reader.readLine();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
