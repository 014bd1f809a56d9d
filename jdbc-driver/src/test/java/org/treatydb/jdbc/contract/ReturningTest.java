package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.BatchUpdateException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes that give rows. */
class ReturningTest extends ContractTest {

  @BeforeEach
  void createTable() throws SQLException {
    run("create table t (id integer primary key, name varchar(20) default 'none')");
  }

  @Test
  void aChangeWithReturningIsAQuery() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      assertEquals(List.of("1 none", "2 none"), rows(statement.executeQuery("insert into t (id) values (1), (2) returning id, name")));
      assertTrue(statement.execute("update t set name = 'x' where id = 1 returning *"));
      assertEquals(List.of("1 x"), rows(statement.getResultSet()));
      assertEquals(List.of("1 x", "2 none"), rows(statement.executeQuery("delete from t returning id, name")));
    }
    assertEquals(List.of(), rows("select * from t"));
  }

  @Test
  void itIsDoneWhenItsRowsAreGivenEvenIfNobodyReadsThem() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(1);
      statement.executeQuery("insert into t (id) values (1), (2), (3) returning id").close();
    }
    assertEquals(List.of("3"), rows(database.connect(), "select count(*) from t"));
  }

  @Test
  void aPreparedOneRunsOftenAndTellsItsColumns() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?) returning id * 2 as twice")) {
      assertEquals("twice", insert.getMetaData().getColumnLabel(1));
      for (int i = 1; i <= 3; i++) {
        insert.setInt(1, i);
        insert.setString(2, "n");
        assertEquals(List.of(String.valueOf(2 * i)), rows(insert.executeQuery()));
      }
    }
  }

  @Test
  void whoWantsACountIsRefusedBeforeAnythingIsChanged() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      assertFails("HY010", SQLException.class, () -> statement.executeUpdate("insert into t (id) values (1) returning id"));
      statement.addBatch("insert into t (id) values (1) returning id");
      assertFails("HY010", BatchUpdateException.class, statement::executeBatch);
      assertFalse(statement.execute("insert into t (id) values (2)"));
    }
    assertEquals(List.of("2"), rows("select id from t"));
  }

  @Test
  void itBelongsToItsTransaction() throws SQLException {
    connection.setAutoCommit(false);
    assertEquals(List.of("1"), rows("insert into t (id) values (1) returning id"));
    connection.rollback();
    assertEquals(List.of(), rows("select * from t"));
    connection.commit();
  }
}
