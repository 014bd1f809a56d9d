package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlSession;

/** What a dropped table leaves in the store: nothing, after a while, also when the database was closed in between. */
@Timeout(60)
class DroppedTablesTest {

  @Test
  void rowsOfADroppedTableDisappear() throws Exception {
    try (EmbeddedStore store = EmbeddedStore.openInMemory()) {
      List<String> before;
      try (SqlDatabase _ = TreatyDatabase.over(store)) {
        before = keys(store);
      }
      dropFilledTable(store);
      // Opening the database finds what was left, and closing waits for the batch under way; so this ends.
      while (!keys(store).equals(before)) {
        try (SqlDatabase database = TreatyDatabase.over(store); SqlSession session = database.openSession()) {
          Sql.query(session, "SELECT 1");
          Thread.yield();
        }
      }
      assertEquals(before, keys(store));
    }
  }

  private static void dropFilledTable(KvStore store) throws SQLException {
    try (SqlDatabase database = TreatyDatabase.over(store); SqlSession session = database.openSession()) {
      Sql.update(session, "CREATE TABLE t (id INTEGER PRIMARY KEY, text VARCHAR)");
      String rows = String.join(", ", IntStream.range(0, 2_500).mapToObj(i -> "(" + i + ", 'text')").toList());
      assertEquals(2_500, Sql.update(session, "INSERT INTO t VALUES " + rows));
      Sql.update(session, "DROP TABLE t");
    }
  }

  @Test
  void aTableIdIsNotUsedAgain() throws Exception {
    try (EmbeddedStore store = EmbeddedStore.openInMemory();
        SqlDatabase database = TreatyDatabase.over(store); SqlSession session = database.openSession()) {
      for (int i = 0; i < 3; i++) {
        Sql.update(session, "CREATE TABLE t (id INTEGER)");
        assertEquals(0, Sql.query(session, "SELECT * FROM t").size());
        Sql.update(session, "INSERT INTO t VALUES (1)");
        Sql.update(session, "DROP TABLE t");
      }
    }
  }

  /** The keys of all users' rows and of the list of dropped tables. */
  private static List<String> keys(KvStore store) {
    List<String> keys = new ArrayList<>();
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY); KvCursor cursor = transaction.scan(KeyRange.ALL)) {
      while (cursor.next()) {
        keys.add(HexFormat.of().formatHex(cursor.key()));
      }
    }
    return keys;
  }
}
