package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlCursor;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;

/** What statements ask of the store. */
class StoreAccessTest {

  private CountingStore store;
  private SqlDatabase database;
  private SqlSession session;

  @BeforeEach
  void open() throws SQLException {
    store = new CountingStore(EmbeddedStore.openInMemory());
    database = TreatyDatabase.over(store);
    session = database.openSession();
    Sql.update(session, "CREATE TABLE line (invoice INTEGER, position INTEGER, track INTEGER, PRIMARY KEY (invoice, position))");
    Sql.update(session, "CREATE TABLE track (id INTEGER PRIMARY KEY, name VARCHAR)");
    for (int i = 1; i <= 10; i++) {
      Sql.update(session, "INSERT INTO track VALUES (?, ?)", i, "track " + i);
      Sql.update(session, "INSERT INTO line VALUES (1, ?, ?), (2, ?, ?)", i, i, i, i);
    }
    store.counted();
  }

  @AfterEach
  void close() {
    assertEquals(0, store.openCursors(), "store cursors left open");
    session.close();
    database.close();
    store.close();
  }

  @Test
  void aKeyLookupIsOneGet() throws SQLException {
    assertEquals(List.of(List.of("track 7")), Sql.query(session, "SELECT name FROM track WHERE id = ?", 7));
    assertEquals("1 get", store.counted());
  }

  @Test
  void anInListIsOneMultiGet() throws SQLException {
    assertEquals(3, Sql.query(session, "SELECT name FROM track WHERE id IN (3, 1, 9, 77)").size());
    assertEquals("1 multi-get", store.counted());
  }

  @Test
  void aKeyPrefixScansItsRowsOnly() throws SQLException {
    assertEquals(10, Sql.query(session, "SELECT * FROM line WHERE invoice = 1").size());
    assertEquals("1 scan of 10 rows", store.counted());
    assertEquals(3, Sql.query(session, "SELECT * FROM line WHERE invoice = 2 AND position BETWEEN ? AND 6", 4).size());
    assertEquals("1 scan of 3 rows", store.counted());
  }

  @Test
  void aLimitStopsTheScan() throws SQLException {
    assertEquals(List.of(List.of(10)), Sql.query(session, "SELECT id FROM track ORDER BY id DESC LIMIT 1"));
    // Enumerable's LIMIT moves once more before it sees that it is done.
    assertEquals("1 scan of 2 rows", store.counted());
  }

  @Test
  void rowsAreStreamed() throws SQLException {
    SqlResult.Rows rows = (SqlResult.Rows) session.prepare("SELECT * FROM track").execute(List.of());
    try (SqlCursor cursor = rows.cursor()) {
      cursor.next();
      cursor.next();
      assertEquals("1 scan of 2 rows", store.counted());
    }
  }

  @Test
  void aJoinOnAKeyLooksUpItsRows() throws SQLException {
    assertEquals(2, Sql.query(session,
        "SELECT t.name FROM line l JOIN track t ON t.id = l.track WHERE l.invoice = 1 AND l.position < 3").size());
    assertEquals("2 get 1 scan of 2 rows", store.counted());
  }

  @Test
  void anUpdateByKeyReadsItsRowOnce() throws SQLException {
    assertEquals(1, Sql.update(session, "UPDATE track SET name = 'x' WHERE id = 5"));
    assertEquals("1 get", store.counted());
    assertEquals(1, Sql.update(session, "DELETE FROM track WHERE id = 5"));
    assertEquals("1 get", store.counted());
  }

  @Test
  void contradictionsReadNothing() throws SQLException {
    assertEquals(0, Sql.query(session, "SELECT * FROM track WHERE id = 1 AND id = 2").size());
    assertEquals(0, Sql.query(session, "SELECT * FROM track WHERE id = ?", (Object) null).size());
    assertEquals("", store.counted());
  }
}
