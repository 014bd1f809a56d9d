package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlSession;

/**
 * Whatever a condition says about the key, the rows are those that a full scan with the same condition finds: random conditions on a table
 * with a key and on the same table without one. {@code -Dtest.seed=N} repeats a run.
 */
class KeyConditionTest {

  private static final int CONDITIONS = 80;

  private static final List<String> OPERATORS = List.of("=", "=", "<>", "<", "<=", ">", ">=");

  private final long seed = Long.getLong("test.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Object> parameters = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"", "PARTITION BY HASH BUCKETS 5", "PARTITION BY HASH (a) BUCKETS 3", "PARTITION BY HASH (b) BUCKETS 4"})
  void boundsSelectWhatTheConditionSelects(String partition) throws SQLException {
    try (KvStore store = EmbeddedStore.openInMemory(); SqlDatabase database = TreatyDatabase.over(store);
        SqlSession session = database.openSession()) {
      Sql.update(session, "CREATE TABLE keyed (a SMALLINT, b VARCHAR(3), c INTEGER, PRIMARY KEY (a, b)) " + partition);
      Sql.update(session, "CREATE TABLE plain (a SMALLINT NOT NULL, b VARCHAR(3) NOT NULL, c INTEGER)");
      for (int a = -2; a <= 3; a++) {
        for (String b : List.of("", "a", "ab", "b")) {
          Sql.update(session, "INSERT INTO keyed VALUES (?, ?, ?)", a, b, a + b.length());
        }
      }
      Sql.update(session, "INSERT INTO plain SELECT * FROM keyed");
      for (int i = 0; i < CONDITIONS; i++) {
        parameters.clear();
        String condition = condition(3);
        String order = random.nextBoolean() ? " ORDER BY a, b" : " ORDER BY a DESC, b DESC";
        List<List<Object>> expected = Sql.query(session, "SELECT * FROM plain WHERE " + condition + order, parameters.toArray());
        List<List<Object>> actual = Sql.query(session, "SELECT * FROM keyed WHERE " + condition + order, parameters.toArray());
        assertEquals(expected, actual, () -> "-Dtest.seed=" + seed + ": " + condition + order + " with " + parameters);
      }
    }
  }

  private String condition(int depth) {
    int choice = random.nextInt(depth == 0 ? 5 : 10);
    return switch (choice) {
      case 0 -> "b " + operator() + " " + text();
      case 1 -> "a BETWEEN " + number() + " AND " + number();
      case 2 -> "a IN (" + number() + ", " + number() + ", " + number() + ")";
      case 3 -> random.nextBoolean() ? "c " + operator() + " " + number() : "b IN (" + text() + ", " + text() + ")";
      case 4 -> number() + " " + operator() + " a";
      case 5, 6, 7 -> "(" + condition(depth - 1) + " AND " + condition(depth - 1) + ")";
      case 8 -> "(" + condition(depth - 1) + " OR " + condition(depth - 1) + ")";
      default -> "NOT (" + condition(depth - 1) + ")";
    };
  }

  private String operator() {
    return OPERATORS.get(random.nextInt(OPERATORS.size()));
  }

  private String number() {
    int number = random.nextInt(8) - 3;
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> parameter(random.nextInt(12) == 0 ? null : number);
      case 3 -> number + ".5";
      case 4 -> random.nextBoolean() ? "100000" : "-100000";
      default -> String.valueOf(number);
    };
  }

  private String text() {
    String text = List.of("", "a", "aa", "ab", "abcd", "b", "c").get(random.nextInt(7));
    return random.nextBoolean() ? parameter(text) : "'" + text + "'";
  }

  private String parameter(Object value) {
    parameters.add(value);
    return "?";
  }
}
