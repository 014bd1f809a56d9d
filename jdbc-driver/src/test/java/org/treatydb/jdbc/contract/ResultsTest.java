package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest extends ContractTest {

  private static int count(ResultSet result) throws SQLException {
    int rows = 0;
    long sum = 0;
    while (result.next()) {
      assertEquals("name " + result.getInt(1), result.getString(2));
      sum += result.getInt(1);
      rows++;
    }
    assertEquals((long) rows * (rows - 1) / 2, sum);
    return rows;
  }

  @Test
  void everyFetchSizeGivesAllRows() throws SQLException {
    fill(2501);
    for (int fetchSize : new int[] {0, 1, 100, 250, 2501, 1_000_000}) {
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(fetchSize);
        assertEquals(2501, count(statement.executeQuery("select id, name from t")), "fetch size " + fetchSize);
      }
      try (PreparedStatement statement = connection.prepareStatement("select id, name from t where id < ?")) {
        statement.setFetchSize(fetchSize);
        statement.setInt(1, 250);
        assertEquals(250, count(statement.executeQuery()), "fetch size " + fetchSize);
      }
    }
  }

  @Test
  void tenThousandRowsComeInFrames() throws SQLException {
    fill(10_000);
    try (PreparedStatement statement = connection.prepareStatement("select id, name from t")) {
      assertEquals(10_000, count(statement.executeQuery()));
      assertEquals(10_000, count(statement.executeQuery()));
    }
  }

  @Test
  void maxRowsIsHonouredAlsoAfterPreparing() throws SQLException {
    fill(30);
    try (PreparedStatement statement = connection.prepareStatement("select id, name from t")) {
      statement.setMaxRows(7);
      statement.setFetchSize(3);
      assertEquals(7, count(statement.executeQuery()));
      statement.setMaxRows(0);
      assertEquals(30, count(statement.executeQuery()));
    }
    try (Statement statement = connection.createStatement()) {
      statement.setMaxRows(7);
      assertEquals(7, count(statement.executeQuery("select id, name from t")));
    }
  }

  @Test
  void severalResultsOfOneConnectionAreReadSideBySide() throws SQLException {
    fill(50);
    try (Statement a = connection.createStatement(); Statement b = connection.createStatement()) {
      a.setFetchSize(5);
      b.setFetchSize(7);
      ResultSet first = a.executeQuery("select id from t order by id");
      ResultSet second = b.executeQuery("select id from t order by id desc");
      for (int i = 0; i < 50; i++) {
        assertTrue(first.next() && second.next());
        assertEquals(49, first.getInt(1) + second.getInt(1));
      }
      assertFalse(first.next() || second.next());
    }
  }

  @Test
  void aResultThatIsHalfReadCanBeGivenUp() throws SQLException {
    fill(50);
    try (PreparedStatement statement = connection.prepareStatement("select id, name from t")) {
      statement.setFetchSize(5);
      ResultSet half = statement.executeQuery();
      assertTrue(half.next());
      half.close();
      assertTrue(half.isClosed());
      ResultSet again = statement.executeQuery();
      assertTrue(again.next());
      assertEquals(50, count(statement.executeQuery()));
      assertTrue(again.isClosed());
      assertFails("24000", SQLException.class, again::next);
    }
  }

  @Test
  void rowsStillUnreadAtTheCommitAreRefusedNotInvented() throws SQLException {
    fill(50);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(5);
      ResultSet result = statement.executeQuery("select id, name from t");
      assertTrue(result.next());
      connection.commit();
      SQLException e = assertThrows(SQLException.class, () -> count(result));
      assertEquals("24000", e.getSQLState());
    }
  }

  @Test
  void metadataDescribesTheColumns() throws SQLException {
    run("create table m (id integer primary key, price decimal(10, 2) not null, label varchar(30), d double, b boolean)");
    try (PreparedStatement statement = connection.prepareStatement("select id, price as \"Price\", label, d + 1, b from m where id = ?")) {
      ResultSetMetaData metadata = statement.getMetaData();
      assertEquals(5, metadata.getColumnCount());
      assertEquals("Price", metadata.getColumnLabel(2));
      assertEquals(Types.DECIMAL, metadata.getColumnType(2));
      assertEquals("DECIMAL", metadata.getColumnTypeName(2));
      assertEquals(10, metadata.getPrecision(2));
      assertEquals(2, metadata.getScale(2));
      assertEquals("java.math.BigDecimal", metadata.getColumnClassName(2));
      assertEquals(ResultSetMetaData.columnNoNulls, metadata.isNullable(2));
      assertEquals(30, metadata.getPrecision(3));
      assertEquals(ResultSetMetaData.columnNullable, metadata.isNullable(3));
      assertEquals(Types.DOUBLE, metadata.getColumnType(4));
      assertEquals(Types.BOOLEAN, metadata.getColumnType(5));
      assertEquals(1, statement.getParameterMetaData().getParameterCount());
      assertEquals(Types.INTEGER, statement.getParameterMetaData().getParameterType(1));
      assertFails("07009", SQLException.class, () -> metadata.getColumnLabel(6));
    }
  }

  @Test
  void statementsTellRowsFromCounts() throws SQLException {
    fill(3);
    try (Statement statement = connection.createStatement()) {
      assertTrue(statement.execute("select * from t"));
      assertEquals(-1, statement.getUpdateCount());
      assertEquals(3, rows(statement.getResultSet()).size());
      assertFalse(statement.getMoreResults());
      assertFalse(statement.execute("delete from t where id = 0"));
      assertEquals(1, statement.getUpdateCount());
      assertNull(statement.getResultSet());
      assertEquals(0, statement.executeUpdate("create table u (id integer primary key)"));
      assertFails("HY010", SQLException.class, () -> statement.executeUpdate("select * from t"));
      assertFails("07005", SQLException.class, () -> statement.executeQuery("delete from t where id = 99"));
      assertFalse(statement.getGeneratedKeys().next());
    }
    try (PreparedStatement delete = connection.prepareStatement("delete from t")) {
      assertNull(delete.getMetaData());
      assertFails("07005", SQLException.class, delete::executeQuery);
    }
    assertEquals(List.of("2"), rows("select count(*) from t"));
  }

  @Test
  void whatIsClosedSaysSo() throws SQLException {
    fill(3);
    Statement statement = connection.createStatement();
    ResultSet result = statement.executeQuery("select * from t");
    assertTrue(result.next());
    result.close();
    assertFails("24000", SQLException.class, result::next);
    assertFails("24000", SQLException.class, () -> result.getInt(1));
    ResultSet second = statement.executeQuery("select * from t");
    statement.close();
    assertTrue(second.isClosed() && statement.isClosed());
    assertFails("HY010", SQLException.class, () -> statement.executeQuery("select * from t"));
    PreparedStatement prepared = connection.prepareStatement("select * from t");
    ResultSet third = prepared.executeQuery();
    connection.close();
    connection.close();
    assertTrue(connection.isClosed() && prepared.isClosed() && third.isClosed());
    assertFails("08003", SQLNonTransientConnectionException.class, connection::createStatement);
    assertFails("08003", SQLNonTransientConnectionException.class, prepared::executeQuery);
    assertFails("08003", SQLNonTransientConnectionException.class, third::next);
    assertFails("08003", SQLNonTransientConnectionException.class, connection::getMetaData);
    prepared.close();
    assertFalse(connection.isValid(1));
  }

  @Test
  void aStatementMayCloseWithItsResult() throws SQLException {
    fill(3);
    Statement statement = connection.createStatement();
    statement.closeOnCompletion();
    statement.executeQuery("select * from t").close();
    assertTrue(statement.isClosed());
  }

  @Test
  void wrongUseIsRefusedWithAReason() throws SQLException {
    fill(1);
    try (PreparedStatement statement = connection.prepareStatement("select * from t where id = ?")) {
      assertFails("07001", SQLException.class, statement::executeQuery);
      assertFails("07009", SQLException.class, () -> statement.setInt(2, 1));
      statement.setInt(1, 0);
      ResultSet result = statement.executeQuery();
      assertFails("24000", SQLException.class, () -> result.getInt(1));
      assertTrue(result.next());
      assertFails("07009", SQLException.class, () -> result.getInt(3));
      assertFails("42703", SQLException.class, () -> result.getInt("nowhere"));
      assertEquals(0, result.getInt("ID"));
      assertFails("0A000", SQLFeatureNotSupportedException.class, result::previous);
      assertFails("0A000", SQLFeatureNotSupportedException.class, () -> result.updateInt(1, 1));
    }
    assertFails("0A000", SQLFeatureNotSupportedException.class,
        () -> connection.createStatement(ResultSet.TYPE_SCROLL_SENSITIVE, ResultSet.CONCUR_READ_ONLY));
  }
}
