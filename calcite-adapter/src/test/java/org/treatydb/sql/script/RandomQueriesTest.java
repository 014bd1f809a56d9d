package org.treatydb.sql.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlCursor;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.session.TreatyDatabase;

/** Whatever types a query mixes, it gives rows or an error that says what is wrong with it: never an internal error. */
class RandomQueriesTest {

  private static final int QUERIES = 1000;

  private static final String TABLE = "CREATE TABLE t (i INTEGER PRIMARY KEY, s SMALLINT, b BIGINT, d DECIMAL(10, 2), f DOUBLE, r REAL, "
      + "v VARCHAR(8), c CHAR(4), da DATE, ts TIMESTAMP, bo BOOLEAN, x VARBINARY(4))";

  private static final String ROWS = "INSERT INTO t VALUES "
      + "(1, 2, 3, 4.5, 6e0, 7, '8', 'nine', '2024-01-31', '2024-01-31 10:11:12.5', TRUE, X'0a'), "
      + "(2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), "
      + "(3, 32767, 9223372036854775807, 99999999.99, 1e300, 1e30, 'abc', '', '1969-12-31', '1969-12-31 23:59:59', FALSE, X'')";

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void giveRowsOrAnErrorOfTheirOwn(long seed) throws SQLException {
    RandomQueries queries = new RandomQueries(seed);
    try (EmbeddedStore store = EmbeddedStore.openInMemory(); SqlDatabase database = TreatyDatabase.over(store);
        SqlSession session = database.openSession()) {
      session.prepare(TABLE).execute(List.of());
      session.prepare(ROWS).execute(List.of());
      for (int i = 0; i < QUERIES; i++) {
        String sql = queries.next();
        String state = stateOf(session, sql);
        assertFalse(state.startsWith("XX"), () -> "seed " + seed + " gave " + state + " for: " + sql);
      }
    }
  }

  @Test
  void giveTheSameFromATableOfSeveralBuckets() throws SQLException {
    RandomQueries queries = new RandomQueries(3);
    try (EmbeddedStore store = EmbeddedStore.openInMemory(); EmbeddedStore bucketStore = EmbeddedStore.openInMemory();
        SqlDatabase database = TreatyDatabase.over(store); SqlDatabase bucketDatabase = TreatyDatabase.over(bucketStore, 12);
        SqlSession session = database.openSession(); SqlSession bucketSession = bucketDatabase.openSession()) {
      for (SqlSession each : List.of(session, bucketSession)) {
        each.prepare(TABLE).execute(List.of());
        each.prepare(ROWS).execute(List.of());
      }
      for (int i = 0; i < QUERIES; i++) {
        String sql = queries.next();
        assertEquals(answer(session, sql), answer(bucketSession, sql), sql);
      }
    }
  }

  @Test
  void giveTheSameFromATableWithIndexes() throws SQLException {
    RandomQueries queries = new RandomQueries(4);
    try (EmbeddedStore store = EmbeddedStore.openInMemory(); EmbeddedStore indexedStore = EmbeddedStore.openInMemory();
        SqlDatabase database = TreatyDatabase.over(store); SqlDatabase indexedDatabase = TreatyDatabase.over(indexedStore, 2);
        SqlSession session = database.openSession(); SqlSession indexed = indexedDatabase.openSession()) {
      for (SqlSession each : List.of(session, indexed)) {
        each.prepare(TABLE).execute(List.of());
        each.prepare(ROWS).execute(List.of());
      }
      for (String column : List.of("s", "b DESC", "d", "f", "r DESC", "v", "c", "da", "ts DESC", "bo", "x")) {
        indexed.prepare("CREATE INDEX by_" + column.replace(" ", "_") + " ON t (" + column + ")").execute(List.of());
      }
      for (int i = 0; i < QUERIES / 4; i++) {
        String sql = queries.next();
        assertEquals(answer(session, sql), answer(indexed, sql), sql);
      }
    }
  }

  /** The SQLState of a query; that of success if it gives all its rows. */
  private static String stateOf(SqlSession session, String sql) {
    return answer(session, sql).getFirst();
  }

  /** The SQLState of a query, then its rows, sorted. */
  private static List<String> answer(SqlSession session, String sql) {
    List<String> answer = new ArrayList<>();
    try {
      SqlResult.Rows rows = (SqlResult.Rows) session.prepare(sql).execute(List.of());
      try (SqlCursor cursor = rows.cursor()) {
        while (cursor.next()) {
          answer.add(Arrays.deepToString(cursor.row()));
        }
      }
      answer.sort(null);
      answer.addFirst("00000");
      return answer;
    } catch (SQLException e) {
      return List.of(e.getSQLState());
    }
  }
}
