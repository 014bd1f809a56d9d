package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlTable;

class TreatyDatabaseTest {

  private KvStore store;
  private SqlDatabase database;
  private SqlSession session;

  @BeforeEach
  void open() throws SQLException {
    store = EmbeddedStore.openInMemory();
    database = TreatyDatabase.over(store);
    session = database.openSession();
  }

  @AfterEach
  void close() {
    session.close();
    database.close();
    store.close();
  }

  @Test
  void aTableIsCreatedFilledAndRead() throws SQLException {
    Sql.update(session, "CREATE TABLE track (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL)");
    assertEquals(2, Sql.update(session, "INSERT INTO track VALUES (1, 'Rain'), (?, ?)", 2, "Sun"));
    assertEquals(List.of(List.of(1, "Rain"), List.of(2, "Sun")), Sql.query(session, "SELECT * FROM track ORDER BY id"));
    assertEquals(List.of(List.of("Sun")), Sql.query(session, "SELECT name FROM track WHERE id = ?", 2));
  }

  @Test
  void tablesOutliveTheDatabaseObject() throws SQLException {
    Sql.update(session, "CREATE TABLE kept (id INTEGER PRIMARY KEY)");
    Sql.update(session, "INSERT INTO kept VALUES (7)");
    database.close();
    database = TreatyDatabase.over(store);
    session = database.openSession();
    assertEquals(List.of(List.of(7)), Sql.query(session, "SELECT id FROM kept"));
  }

  @Test
  void metadataListsTablesWithoutHiddenColumns() throws SQLException {
    Sql.update(session, "CREATE TABLE b (x INTEGER DEFAULT 3, y DECIMAL(5, 2), PRIMARY KEY (y, x))");
    Sql.update(session, "CREATE TABLE a (only_column VARCHAR)");
    List<SqlTable> tables = session.tables().stream().filter(table -> !table.system()).toList();
    assertEquals(List.of("a", "b"), tables.stream().map(SqlTable::name).toList());
    assertEquals(List.of("only_column"), tables.get(0).columns().stream().map(column -> column.name()).toList());
    assertEquals(List.of("y", "x"), tables.get(1).primaryKey());
    assertEquals("3", tables.get(1).columns().get(0).defaultValue());
  }
}
