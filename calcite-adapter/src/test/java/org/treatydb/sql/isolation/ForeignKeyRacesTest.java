package org.treatydb.sql.isolation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.sql.api.SqlState;

/** A row is inserted while the row that it refers to is deleted, or gets another key: whoever is first, no row refers to nothing. */
@Timeout(120)
class ForeignKeyRacesTest {

  private static final String INSERT = "INSERT INTO child VALUES (1, 1)";
  private static final String MOVE = "UPDATE child SET parent = 1 WHERE id = 2";
  private static final String DELETE = "DELETE FROM parent WHERE id = 1";
  private static final String RENUMBER = "UPDATE parent SET id = 8 WHERE id = 1";
  private static final String ORPHANS = "SELECT id FROM child WHERE parent NOT IN (SELECT id FROM parent)";

  private Stage stage;

  private void open(int buckets, String reference) throws SQLException {
    stage = new Stage(buckets);
    Actor setUp = stage.autocommit();
    setUp.does("CREATE TABLE parent (id INTEGER PRIMARY KEY, note INTEGER)");
    setUp.does("CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER " + reference + ")");
    setUp.does("INSERT INTO parent VALUES (1, 0), (2, 0)");
    setUp.does("INSERT INTO child VALUES (2, 2)");
  }

  @AfterEach
  void close() throws SQLException {
    stage.close();
  }

  static List<Arguments> races() {
    List<Arguments> races = new ArrayList<>();
    List<List<String>> pairs = List.of(List.of(INSERT, DELETE), List.of(DELETE, INSERT), List.of(MOVE, DELETE), List.of(DELETE, MOVE),
        List.of(INSERT, RENUMBER), List.of(RENUMBER, INSERT));
    for (List<String> pair : pairs) {
      for (String action : pair.contains(MOVE) ? List.of("NO ACTION") : List.of("NO ACTION", "CASCADE")) {
        String reference = "REFERENCES parent ON DELETE " + action + " ON UPDATE " + action;
        for (String first : List.of("PESSIMISTIC", "OPTIMISTIC")) {
          for (String second : List.of("PESSIMISTIC", "OPTIMISTIC")) {
            races.add(Arguments.of(first, second, pair, reference, true));
            races.add(Arguments.of(first, second, pair, reference, false));
          }
        }
      }
    }
    return races;
  }

  @ParameterizedTest
  @MethodSource("races")
  void leaveNoOrphan(String firstMode, String secondMode, List<String> statements, String reference, boolean inOrder) throws SQLException {
    open(statements.contains(MOVE) ? 3 : 1, reference);
    assertTrue(race(firstMode, secondMode, statements, inOrder), "nobody got through");
    stage.autocommit().sees(ORPHANS);
  }

  @Test
  void withoutTheConstraintTheyWould() throws SQLException {
    open(1, "");
    race("PESSIMISTIC", "PESSIMISTIC", List.of(INSERT, DELETE), true);
    stage.autocommit().sees(ORPHANS, 1);
  }

  /** Each statement in its transaction, and both commits in either order; says whether one committed. */
  private boolean race(String firstMode, String secondMode, List<String> statements, boolean inOrder) throws SQLException {
    Actor one = stage.transaction("one", firstMode);
    Actor two = stage.transaction("two", secondMode);
    one.begins(statements.getFirst());
    Actor.Step second = two.begins(statements.getLast());
    Actor.Step before = inOrder || !second.isDone() ? one.begins("COMMIT") : two.begins("COMMIT");
    Actor.Step after = inOrder || !second.isDone() ? two.begins("COMMIT") : one.begins("COMMIT");
    return !before.wasRefused() | !after.wasRefused();
  }

  @ParameterizedTest
  @MethodSource("locked")
  void whoDeletesWaitsForWhoRefers(int buckets, String reference) throws SQLException {
    open(buckets, reference);
    Actor one = stage.writer("one");
    Actor two = stage.writer("two");
    one.does(INSERT);
    Actor.Step delete = two.waits(DELETE);
    one.commits();
    delete.failsWith(SqlState.FOREIGN_KEY_VIOLATION);
    two.does("DELETE FROM child WHERE id = 1");
    two.does(DELETE);
    two.commits();
    stage.autocommit().sees("SELECT id FROM parent", 2);
  }

  @ParameterizedTest
  @MethodSource("locked")
  void whoRefersWaitsForWhoDeletes(int buckets, String reference) throws SQLException {
    open(buckets, reference);
    Actor one = stage.writer("one");
    Actor two = stage.writer("two");
    one.does(DELETE);
    Actor.Step insert = two.waits(INSERT);
    one.rollsBack();
    insert.succeeds();
    two.rollsBack();
    Actor three = stage.writer("three");
    Actor four = stage.writer("four");
    three.does(DELETE);
    Actor.Step late = four.waits(INSERT);
    three.commits();
    late.failsWith(SqlState.FOREIGN_KEY_VIOLATION);
    four.commits();
  }

  static Stream<Arguments> locked() {
    return Stream.of(Arguments.of(1, "REFERENCES parent"), Arguments.of(4, "REFERENCES parent"),
        Arguments.of(1, "UNIQUE REFERENCES parent"));
  }

  @Test
  void whoReferToTheSameRowDoNotWaitForEachOther() throws SQLException {
    open(1, "REFERENCES parent");
    Actor one = stage.writer("one");
    Actor two = stage.writer("two");
    one.does("INSERT INTO child VALUES (10, 1)");
    two.does("INSERT INTO child VALUES (20, 1)");
    one.commits();
    two.commits();
  }
}
