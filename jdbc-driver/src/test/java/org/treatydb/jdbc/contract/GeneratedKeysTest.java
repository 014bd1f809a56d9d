package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.BatchUpdateException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GeneratedKeysTest extends ContractTest {

  private static final String INSERT = "insert into t (name) values (?)";

  @BeforeEach
  void createTable() throws SQLException {
    run("create table t (id integer generated always as identity primary key, name varchar(20), \"Mixed Case\" integer default 7)");
  }

  @Test
  void anInsertGivesTheNumbersOfItsRows() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
      assertNull(insert.getMetaData());
      for (int i = 1; i <= 3; i++) {
        insert.setString(1, "name " + i);
        assertEquals(1, insert.executeUpdate());
        ResultSet keys = insert.getGeneratedKeys();
        assertEquals("id", keys.getMetaData().getColumnLabel(1));
        assertEquals(List.of(String.valueOf(i)), rows(keys));
      }
      insert.setString(1, "four");
      assertFalse(insert.execute());
      assertEquals(1, insert.getUpdateCount());
      assertEquals(List.of("4"), rows(insert.getGeneratedKeys()));
    }
    try (Statement statement = connection.createStatement()) {
      assertEquals(2, statement.executeUpdate("insert into t (name) values ('a'), ('b');", Statement.RETURN_GENERATED_KEYS));
      assertEquals(List.of("5", "6"), rows(statement.getGeneratedKeys()));
      assertFalse(statement.execute("insert into t (name) values ('c') -- the last", Statement.RETURN_GENERATED_KEYS));
      assertEquals(List.of("7"), rows(statement.getGeneratedKeys()));
      assertEquals(1, statement.executeUpdate("insert into t (name) values (';'); -- the very last", Statement.RETURN_GENERATED_KEYS));
      assertEquals(List.of("8"), rows(statement.getGeneratedKeys()));
    }
    assertEquals(List.of("8"), rows("select count(*) from t"));
  }

  @Test
  void namedAndNumberedColumnsComeInTheOrderThatIsAskedFor() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT, new String[] {"NAME", "Mixed Case", "id"})) {
      insert.setString(1, "x");
      assertEquals(1, insert.executeUpdate());
      assertEquals(List.of("x 7 1"), rows(insert.getGeneratedKeys()));
    }
    try (PreparedStatement insert = connection.prepareStatement(INSERT, new int[] {3, 1})) {
      insert.setString(1, "x");
      insert.executeUpdate();
      assertEquals(List.of("7 2"), rows(insert.getGeneratedKeys()));
    }
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("insert into t (name) values ('x')", new String[] {"id", "name"});
      assertEquals(List.of("3 x"), rows(statement.getGeneratedKeys()));
      assertEquals(1, statement.executeLargeUpdate("insert into t (name) values ('x')", new int[] {1}));
      assertEquals(List.of("4"), rows(statement.getGeneratedKeys()));
      assertFails("42703", SQLSyntaxErrorException.class, () -> statement.execute(INSERT.replace("?", "'y'"), new String[] {"no"}));
      assertFails("07009", SQLException.class, () -> statement.execute(INSERT.replace("?", "'y'"), new int[] {4}));
      assertFails("22023", SQLException.class, () -> statement.execute(INSERT.replace("?", "'y'"), 99));
    }
    assertFails("42703", SQLSyntaxErrorException.class, () -> connection.prepareStatement(INSERT, new String[] {"id", "no"}));
    assertEquals(List.of("0"), rows("select count(*) from t where name = 'y'"));
  }

  @Test
  void aBatchGivesTheKeysOfAllItsRows() throws SQLException {
    int count = 2_500;
    for (boolean autoCommit : new boolean[] {true, false}) {
      connection.setAutoCommit(autoCommit);
      try (PreparedStatement insert = connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
        int before = Integer.parseInt(rows("select coalesce(max(id), 0) from t").getFirst());
        for (int i = 0; i < count; i++) {
          insert.setString(1, "name");
          insert.addBatch();
        }
        assertEquals(count, Arrays.stream(insert.executeBatch()).sum());
        List<String> expected = IntStream.rangeClosed(before + 1, before + count).mapToObj(String::valueOf).toList();
        assertEquals(expected, rows(insert.getGeneratedKeys()));
        assertEquals(List.of(), rows(insert.getGeneratedKeys()), "they are read");
        insert.setString(1, "another");
        assertEquals(1, insert.executeUpdate());
        assertEquals(List.of(String.valueOf(before + count + 1)), rows(insert.getGeneratedKeys()));
        assertArrayEquals(new int[0], insert.executeBatch());
        assertEquals(List.of(), rows(insert.getGeneratedKeys()));
      }
    }
    connection.commit();
    assertEquals(List.of(String.valueOf(2 * count + 2)), rows("select count(*) from t"));
  }

  @Test
  void aBatchThatFailsGivesNoKeysAndTellsWhatRemains() throws SQLException {
    run("create table u (id integer primary key)");
    try (PreparedStatement insert = connection.prepareStatement("insert into u values (?)", Statement.RETURN_GENERATED_KEYS)) {
      for (boolean autoCommit : new boolean[] {true, false}) {
        connection.setAutoCommit(autoCommit);
        for (int id : new int[] {1, 2, 1, 3}) {
          insert.setInt(1, id);
          insert.addBatch();
        }
        BatchUpdateException e = assertThrows(BatchUpdateException.class, insert::executeBatch);
        assertEquals("23505", e.getSQLState());
        int failed = Statement.EXECUTE_FAILED;
        assertArrayEquals(autoCommit ? new int[] {failed, failed, failed, failed} : new int[] {1, 1}, e.getUpdateCounts());
        assertEquals(List.of(), rows(insert.getGeneratedKeys()));
        assertEquals(autoCommit ? List.of() : List.of("1", "2"), rows("select id from u order by id"));
      }
    }
    connection.rollback();
  }

  @Test
  void whatHasNoKeysGivesNone() throws SQLException {
    run("insert into t (name) values ('x')", "create table free (n integer)");
    try (Statement statement = connection.createStatement()) {
      assertEquals(List.of(), rows(statement.getGeneratedKeys()));
      for (String sql : List.of("update t set name = 'y'", "delete from t where id = -1", "insert into free values (1)")) {
        statement.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS);
        assertEquals(List.of(), rows(statement.getGeneratedKeys()), sql);
      }
      assertTrue(statement.execute("select name from t", Statement.RETURN_GENERATED_KEYS));
      assertEquals(List.of("y"), rows(statement.getResultSet()));
      assertTrue(statement.execute("insert into t (name) values ('own') returning name", Statement.RETURN_GENERATED_KEYS));
      assertEquals(List.of("own"), rows(statement.getResultSet()));
      statement.executeUpdate("insert into t (name) values ('z')", Statement.NO_GENERATED_KEYS);
      assertEquals(List.of(), rows(statement.getGeneratedKeys()));
      assertEquals(0, statement.executeUpdate("insert into t (name) select name from t where id < 0", Statement.RETURN_GENERATED_KEYS));
      assertEquals(List.of(), rows(statement.getGeneratedKeys()));
    }
  }

  @Test
  void keysComeFromSequencesConflictsAndPrimaryKeys() throws SQLException {
    run("create sequence s start with 100", "create table u (k varchar(5) primary key, n bigint default next value for s, x integer)",
        "create table v (a integer, b integer, c integer, primary key (b, a))");
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("insert into u (k) values ('a'), ('b')", Statement.RETURN_GENERATED_KEYS);
      assertEquals(List.of("100", "101"), rows(statement.getGeneratedKeys()));
      statement.executeUpdate("insert into v values (1, 2, 3)", Statement.RETURN_GENERATED_KEYS);
      assertEquals(List.of("2 1"), rows(statement.getGeneratedKeys()));
      String conflict = "insert into u (k, x) values ('b', 1), ('c', 1) on conflict (k) do ";
      assertEquals(1, statement.executeUpdate(conflict + "nothing", new String[] {"k"}));
      assertEquals(List.of("c"), rows(statement.getGeneratedKeys()));
      assertEquals(2, statement.executeUpdate(conflict + "update set x = 2", new String[] {"k", "x"}));
      assertEquals(List.of("b 2", "c 2"), rows(statement.getGeneratedKeys()));
    }
  }
}
