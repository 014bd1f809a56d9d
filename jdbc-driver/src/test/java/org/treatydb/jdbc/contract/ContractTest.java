package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Gives each test a new database, reached in each {@link Mode}, and one connection. */
@ParameterizedClass
@EnumSource(Mode.class)
abstract class ContractTest {

  @Parameter
  Mode mode;

  @TempDir
  Path directory;

  TestDatabase database;
  Connection connection;

  @BeforeEach
  void open() throws IOException, SQLException {
    database = mode.open(directory);
    connection = database.connect();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    database.close();
  }

  void run(String... statements) throws SQLException {
    run(connection, statements);
  }

  static void run(Connection on, String... statements) throws SQLException {
    try (Statement statement = on.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The rows of a query as text, the values of a row separated by blanks. */
  List<String> rows(String sql) throws SQLException {
    return rows(connection, sql);
  }

  static List<String> rows(Connection on, String sql) throws SQLException {
    try (Statement statement = on.createStatement(); ResultSet result = statement.executeQuery(sql)) {
      return rows(result);
    }
  }

  static List<String> rows(ResultSet result) throws SQLException {
    List<String> rows = new ArrayList<>();
    while (result.next()) {
      List<String> values = new ArrayList<>();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        values.add(result.getString(i));
      }
      rows.add(String.join(" ", values));
    }
    return rows;
  }

  /** Fills table {@code t (id, name)} with {@code count} rows, in one batch. */
  void fill(int count) throws SQLException {
    run("create table t (id integer primary key, name varchar(20))");
    try (var insert = connection.prepareStatement("insert into t values (?, ?)")) {
      for (int i = 0; i < count; i++) {
        insert.setInt(1, i);
        insert.setString(2, "name " + i);
        insert.addBatch();
      }
      assertEquals(Collections.nCopies(count, 1), java.util.Arrays.stream(insert.executeBatch()).boxed().toList());
    }
  }

  /** Fails unless {@code work} throws a SQLException of that state and class, with a message and without a stack trace in it. */
  static <E extends SQLException> E assertFails(String state, Class<E> type, Executable work) {
    E e = assertThrows(type, work);
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertNotNull(e.getMessage());
    assertTrue(!e.getMessage().contains("\tat ") && !e.getMessage().contains("Exception"), e.getMessage());
    return e;
  }
}
