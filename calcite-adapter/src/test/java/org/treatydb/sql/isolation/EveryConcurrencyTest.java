package org.treatydb.sql.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The known anomalies, with pessimistic and optimistic transactions and both at once: what those that committed have read, and what they
 * left behind, is what they would have if they had run one after the other.
 */
@Timeout(120)
class EveryConcurrencyTest {

  private static final String PESSIMISTIC = "PESSIMISTIC";
  private static final String OPTIMISTIC = "OPTIMISTIC";
  private static final String READ_ONLY = "READ ONLY";

  private static final List<List<String>> MODES = List.of(
      List.of(PESSIMISTIC), List.of(OPTIMISTIC), List.of(OPTIMISTIC, PESSIMISTIC), List.of(PESSIMISTIC, OPTIMISTIC),
      List.of(OPTIMISTIC, OPTIMISTIC, READ_ONLY), List.of(PESSIMISTIC, OPTIMISTIC, READ_ONLY));

  private static final String ALL = "SELECT id, val FROM test";
  private static final String ONE = "SELECT val FROM test WHERE id = 1";
  private static final String TWO = "SELECT val FROM test WHERE id = 2";

  private static final List<Schedule> SCHEDULES = List.of(
      Schedule.of("G0", set(1, 1, 11) + set(2, 1, 12) + set(1, 2, 21) + "1: COMMIT;" + set(2, 2, 22) + "2: COMMIT"),
      Schedule.of("G1a", set(1, 1, 101) + "2:" + ALL + "; 1: UPDATE test SET val = 10 WHERE id = 1; 2:" + ALL + "; 2: COMMIT; 1: COMMIT"),
      Schedule.of("G1b", set(1, 1, 101) + "2:" + ALL + ";" + set(1, 1, 11) + "1: COMMIT; 2:" + ALL + "; 2: COMMIT"),
      Schedule.of("G1c", set(1, 1, 11) + set(2, 2, 22) + "1:" + TWO + "; 2:" + ONE + "; 1: COMMIT; 2: COMMIT"),
      Schedule.of("OTV", set(1, 1, 11) + set(1, 2, 19) + set(2, 1, 12) + "1: COMMIT; 3:" + ONE + ";" + set(2, 2, 18) + "3:" + TWO
          + "; 2: COMMIT; 3:" + ALL + "; 3: COMMIT"),
      Schedule.of("PMP", "1: SELECT id FROM test WHERE val = 30; 2: INSERT INTO test VALUES (3, 30); 2: COMMIT;"
          + "1: SELECT id FROM test WHERE MOD(val, 3) = 0; 1: COMMIT"),
      Schedule.of("PMP of writes", "1: UPDATE test SET val = val + 10; 2: DELETE FROM test WHERE val = 20; 1: COMMIT; 2:" + ALL
          + "; 2: COMMIT"),
      Schedule.of("P4", "1:" + ONE + "; 2:" + ONE + ";" + set(1, 1, 11) + set(2, 1, 12) + "1: COMMIT; 2: COMMIT"),
      Schedule.of("P4 with increments", "1: UPDATE test SET val = val + 1 WHERE id = 1; 2: UPDATE test SET val = val + 2 WHERE id = 1;"
          + "2: COMMIT; 1: COMMIT"),
      Schedule.of("P4 for update", "1:" + ONE + " FOR UPDATE; 2:" + ONE + " FOR UPDATE;" + set(1, 1, 11) + set(2, 1, 12)
          + "2: COMMIT; 1: COMMIT"),
      Schedule.of("G-single", "1:" + ONE + "; 2:" + ALL + ";" + set(2, 1, 12) + set(2, 2, 18) + "2: COMMIT; 1:" + TWO + "; 1: COMMIT"),
      Schedule.of("G-single with predicates", "1: SELECT id FROM test WHERE MOD(val, 5) = 0; 2: UPDATE test SET val = 12 WHERE val = 10;"
          + "2: COMMIT; 1: SELECT id FROM test WHERE MOD(val, 3) = 0; 1: COMMIT"),
      Schedule.of("G-single with a write by a predicate", "1:" + ONE + "; 2:" + ALL + ";" + set(2, 1, 12) + set(2, 2, 18)
          + "2: COMMIT; 1: DELETE FROM test WHERE val = 20; 1: COMMIT"),
      Schedule.of("G2-item", "1:" + ALL + "; 2:" + ALL + ";" + set(1, 1, 11) + set(2, 2, 21) + "1: COMMIT; 2: COMMIT"),
      Schedule.of("G2", "1: SELECT id FROM test WHERE MOD(val, 3) = 0; 2: SELECT id FROM test WHERE MOD(val, 3) = 0;"
          + "1: INSERT INTO test VALUES (3, 30); 2: INSERT INTO test VALUES (4, 42); 1: COMMIT; 2: COMMIT"),
      Schedule.of("G2 in a key range", "1: SELECT COUNT(*) FROM test WHERE id BETWEEN 5 AND 9;"
          + "2: SELECT COUNT(*) FROM test WHERE id BETWEEN 7 AND 12; 1: INSERT INTO test VALUES (8, 80);"
          + "2: INSERT INTO test VALUES (7, 70); 2: COMMIT; 1: COMMIT"),
      Schedule.of("G2 with two dependencies", "1:" + ALL + "; 2: UPDATE test SET val = val + 5 WHERE id = 2; 2: COMMIT; 3:" + ALL
          + "; 3: COMMIT;" + set(1, 1, 0) + "1: COMMIT"),
      Schedule.of("read-only anomaly", "2:" + ALL + "; 1: UPDATE test SET val = val + 20 WHERE id = 2; 1: COMMIT; 3:" + ALL
          + "; 3: COMMIT;" + set(2, 1, -1) + "2: COMMIT"));

  private Stage stage;
  private Stage alone;

  private static String set(int transaction, int id, int value) {
    return transaction + ": UPDATE test SET val = " + value + " WHERE id = " + id + ";";
  }

  static Stream<Arguments> cases() {
    return SCHEDULES.stream().flatMap(schedule -> MODES.stream()
        .filter(modes -> modes.size() < 3 || schedule.transactions().size() == 3)
        .map(modes -> Arguments.of(schedule, modes)));
  }

  void define(Actor setUp) throws SQLException {
    setUp.does("CREATE TABLE test (id INTEGER PRIMARY KEY, val INTEGER NOT NULL)");
  }

  Actor autocommit() throws SQLException {
    return stage.autocommit();
  }

  /** How many buckets the tables have. */
  int buckets() {
    return 1;
  }

  @BeforeEach
  void open() throws SQLException {
    stage = new Stage(buckets());
    alone = new Stage(buckets());
    for (Stage each : List.of(stage, alone)) {
      Actor setUp = each.autocommit();
      define(setUp);
      setUp.does("INSERT INTO test VALUES (1, 10), (2, 20)");
    }
  }

  @AfterEach
  void close() throws SQLException {
    stage.close();
    alone.close();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isPrevented(Schedule schedule, List<String> modes) throws SQLException {
    Outcome outcome = Interleaving.run(stage, schedule, modes);
    assertFalse(outcome.answers().isEmpty(), "nobody got through");
    assertTrue(isSerial(schedule, outcome), () -> "no order explains " + outcome);
  }

  @Test
  void aLostUpdateWouldBeSeen() throws SQLException {
    Schedule lostUpdate = SCHEDULES.stream().filter(each -> each.name().equals("P4 with increments")).findFirst().orElseThrow();
    Map<Integer, List<List<List<Object>>>> bothCommitted = Map.of(1, List.of(List.of()), 2, List.of(List.of()));
    assertFalse(isSerial(lostUpdate, new Outcome(bothCommitted, List.of(List.of(1, 11), List.of(2, 20)))));
    assertTrue(isSerial(lostUpdate, new Outcome(bothCommitted, List.of(List.of(1, 13), List.of(2, 20)))));
  }

  @Test
  void optimisticTransactionsDoNotWait() throws SQLException {
    Actor one = stage.transaction("one", OPTIMISTIC);
    Actor two = stage.transaction("two", OPTIMISTIC);
    one.sees(ONE, 10);
    one.does("UPDATE test SET val = 11 WHERE id = 1");
    two.does("UPDATE test SET val = 12 WHERE id = 1");
    two.commits();
    one.begins("COMMIT").isRefused();
    stage.autocommit().sees(ONE, 12);
  }

  @Test
  void theSessionRemembersWhatItsTransactionsAreToBe() throws SQLException {
    Actor one = stage.autocommit();
    one.does("SET SESSION CHARACTERISTICS AS TRANSACTION OPTIMISTIC");
    Actor two = stage.writer("two");
    two.does("UPDATE test SET val = 12 WHERE id = 1");
    one.does("START TRANSACTION");
    one.sees(ONE, 10);
    one.commits();
    one.does("START TRANSACTION PESSIMISTIC");
    Actor.Step read = one.waits(ONE);
    two.commits();
    read.succeedsWith(12);
  }

  /** Whether some order of those that committed, one after the other, has this outcome. */
  private boolean isSerial(Schedule schedule, Outcome outcome) throws SQLException {
    for (List<Integer> order : orders(new ArrayList<>(outcome.answers().keySet()))) {
      if (sorted(serially(schedule, order)).equals(sorted(outcome))) {
        return true;
      }
    }
    return false;
  }

  /** Rows without ORDER BY have no order. */
  private static Outcome sorted(Outcome outcome) {
    Map<Integer, List<List<List<Object>>>> answers = new HashMap<>();
    outcome.answers().forEach((transaction, all) -> answers.put(transaction, all.stream().map(rows ->
        rows.stream().sorted((a, b) -> a.toString().compareTo(b.toString())).toList()).toList()));
    return new Outcome(answers, outcome.state());
  }

  private Outcome serially(Schedule schedule, List<Integer> order) throws SQLException {
    Actor actor = alone.autocommit();
    actor.does("DELETE FROM test");
    actor.does("INSERT INTO test VALUES (1, 10), (2, 20)");
    Map<Integer, List<List<List<Object>>>> answers = new TreeMap<>();
    for (int transaction : order) {
      List<List<List<Object>>> rows = new ArrayList<>();
      for (String sql : schedule.transactions().get(transaction)) {
        rows.add(actor.starts(sql).succeeds());
      }
      answers.put(transaction, rows);
    }
    return new Outcome(answers, actor.starts(AnomaliesTest.ROWS).succeeds());
  }

  private static List<List<Integer>> orders(List<Integer> transactions) {
    if (transactions.isEmpty()) {
      return List.of(List.of());
    }
    List<List<Integer>> orders = new ArrayList<>();
    for (Integer first : transactions) {
      List<Integer> others = new ArrayList<>(transactions);
      others.remove(first);
      for (List<Integer> rest : orders(others)) {
        List<Integer> order = new ArrayList<>(List.of(first));
        order.addAll(rest);
        orders.add(order);
      }
    }
    assertEquals(orders.stream().distinct().count(), orders.size());
    return orders;
  }
}
