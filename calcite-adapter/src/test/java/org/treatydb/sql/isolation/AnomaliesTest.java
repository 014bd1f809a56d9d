package org.treatydb.sql.isolation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Each anomaly is prevented: a transaction that could cause it waits, or one of those involved, the youngest, ends with 40001. Readers of
 * snapshots never wait, and never see one.
 */
@Timeout(60)
class AnomaliesTest {

  /** The whole table. */
  static final String ROWS = "SELECT id, val FROM test ORDER BY id";

  private static final String ALL = "SELECT val FROM test ORDER BY id";
  private static final String ONE = "SELECT val FROM test WHERE id = 1";
  private static final String TWO = "SELECT val FROM test WHERE id = 2";

  private Stage stage;
  private Actor one;
  private Actor two;

  /** Two rows, 10 and 20, and two read-write transactions, of which the first is the older. */
  @BeforeEach
  void open() throws SQLException {
    stage = new Stage();
    Actor setUp = stage.autocommit();
    setUp.does("CREATE TABLE test (id INTEGER PRIMARY KEY, val INTEGER NOT NULL)");
    setUp.does("INSERT INTO test VALUES (1, 10), (2, 20)");
    one = stage.writer("one");
    two = stage.writer("two");
  }

  @AfterEach
  void close() throws SQLException {
    stage.close();
  }

  private static String set(int id, int value) {
    return "UPDATE test SET val = " + value + " WHERE id = " + id;
  }

  private void endsWith(Object... values) throws SQLException {
    stage.autocommit().sees(ALL, values);
  }

  @Test
  void g0WritesOfTwoTransactionsDoNotMix() throws SQLException {
    one.does(set(1, 11));
    Actor.Step second = two.waits(set(1, 12));
    one.does(set(2, 21));
    one.commits();
    second.succeeds();
    endsWith(11, 21);
    two.does(set(2, 22));
    two.commits();
    endsWith(12, 22);
  }

  @Test
  void g1aWhatWasRolledBackIsReadByNobody() throws SQLException {
    Actor reader = stage.reader("reader");
    one.does(set(1, 101));
    Actor.Step read = two.waits(ALL);
    reader.sees(ALL, 10, 20);
    stage.reader("later").sees(ALL, 10, 20);
    one.rollsBack();
    read.succeedsWith(10, 20);
    reader.sees(ALL, 10, 20);
  }

  @Test
  void g1bWhatWasOverwrittenBeforeTheCommitIsReadByNobody() throws SQLException {
    Actor reader = stage.reader("reader");
    one.does(set(1, 101));
    Actor.Step read = two.waits(ALL);
    reader.sees(ALL, 10, 20);
    one.does(set(1, 11));
    one.commits();
    read.succeedsWith(11, 20);
    reader.sees(ALL, 10, 20);
  }

  @Test
  void g1cTwoTransactionsDoNotReadEachOthersWrites() throws SQLException {
    one.does(set(1, 11));
    two.does(set(2, 22));
    Actor.Step first = one.waits(TWO);
    two.begins(ONE).isRefused();
    first.succeedsWith(20);
    one.commits();
    two.rollsBack();
    endsWith(11, 20);
  }

  @Test
  void otvAnObservedTransactionDoesNotVanish() throws SQLException {
    one.does(set(1, 11));
    one.does(set(2, 19));
    Actor.Step second = two.waits(set(1, 12));
    one.commits();
    second.succeeds();
    Actor snapshot = stage.reader("snapshot");
    snapshot.sees(ONE, 11);
    Actor three = stage.writer("three");
    Actor.Step third = three.waits(ONE);
    two.does(set(2, 18));
    snapshot.sees(TWO, 19);
    two.commits();
    third.succeedsWith(12);
    three.sees(TWO, 18);
    snapshot.sees(ALL, 11, 19);
  }

  @Test
  void pmpAPredicateThatWasReadGetsNoNewRows() throws SQLException {
    Actor snapshot = stage.reader("snapshot");
    snapshot.sees("SELECT id FROM test WHERE val = 30");
    one.sees("SELECT id FROM test WHERE val = 30");
    Actor.Step insert = two.waits("INSERT INTO test VALUES (3, 30)");
    one.sees("SELECT id FROM test WHERE MOD(val, 3) = 0");
    one.commits();
    insert.succeeds();
    two.commits();
    snapshot.sees("SELECT id FROM test WHERE MOD(val, 3) = 0");
    endsWith(10, 20, 30);
  }

  @Test
  void pmpAPredicateOfAWriteSeesTheStateThatItChanges() throws SQLException {
    Actor snapshot = stage.reader("snapshot");
    one.does("UPDATE test SET val = val + 10");
    Actor.Step delete = two.waits("DELETE FROM test WHERE val = 20");
    one.commits();
    delete.succeeds();
    two.sees(ALL, 30);
    two.commits();
    snapshot.sees("SELECT id FROM test WHERE val = 20", 2);
    endsWith(30);
  }

  @Test
  void p4OfTwoThatReadAndThenWriteTheSameRowOneIsRefused() throws SQLException {
    one.sees(ONE, 10);
    two.sees(ONE, 10);
    Actor.Step first = one.waits(set(1, 11));
    two.begins(set(1, 12)).isRefused();
    first.succeeds();
    one.commits();
    two.rollsBack();
    endsWith(11, 20);
  }

  @Test
  void p4WhoReadsForUpdateWaitsInsteadOfBeingRefused() throws SQLException {
    one.sees(ONE + " FOR UPDATE", 10);
    Actor.Step second = two.waits(ONE + " FOR UPDATE");
    one.does(set(1, 11));
    one.commits();
    second.succeedsWith(11);
    two.does("UPDATE test SET val = val + 1 WHERE id = 1");
    two.commits();
    endsWith(12, 20);
  }

  @Test
  void p4UpdatesThatReadWhatTheyWriteLoseNothing() throws SQLException {
    one.does("UPDATE test SET val = val + 1 WHERE id = 1");
    Actor.Step second = two.waits("UPDATE test SET val = val + 2 WHERE id = 1");
    one.commits();
    second.succeeds();
    two.commits();
    endsWith(13, 20);
  }

  @Test
  void gSingleWhatATransactionReadsBelongsTogether() throws SQLException {
    Actor snapshot = stage.reader("snapshot");
    snapshot.sees(ONE, 10);
    one.sees(ONE, 10);
    two.sees(ALL, 10, 20);
    Actor.Step write = two.waits(set(1, 12));
    one.sees(TWO, 20);
    one.commits();
    write.succeeds();
    two.does(set(2, 18));
    two.commits();
    snapshot.sees(TWO, 20);
    endsWith(12, 18);
  }

  @Test
  void gSingleWhatATransactionReadsByPredicatesBelongsTogether() throws SQLException {
    Actor snapshot = stage.reader("snapshot");
    snapshot.sees("SELECT id FROM test WHERE MOD(val, 5) = 0 ORDER BY id", 1, 2);
    one.sees("SELECT id FROM test WHERE MOD(val, 5) = 0 ORDER BY id", 1, 2);
    Actor.Step write = two.waits("UPDATE test SET val = 12 WHERE val = 10");
    one.sees("SELECT id FROM test WHERE MOD(val, 3) = 0");
    one.commits();
    write.succeeds();
    two.commits();
    snapshot.sees("SELECT id FROM test WHERE MOD(val, 3) = 0");
    endsWith(12, 20);
  }

  @Test
  void gSingleAWriteByAPredicateDoesNotMissWhatChangedSinceTheRead() throws SQLException {
    one.sees(ONE, 10);
    two.sees(ALL, 10, 20);
    Actor.Step write = two.waits(set(1, 12));
    Actor.Step delete = one.begins("DELETE FROM test WHERE val = 20");
    write.isRefused();
    delete.succeeds();
    one.commits();
    two.rollsBack();
    endsWith(10);
  }

  @Test
  void gSingleNorDoesAWriteThatComesFirst() throws SQLException {
    one.sees(ONE, 10);
    two.sees(ALL, 10, 20);
    Actor.Step delete = one.waits("DELETE FROM test WHERE id = 2");
    two.begins(set(1, 12)).isRefused();
    delete.succeeds();
    one.commits();
    two.rollsBack();
    endsWith(10);
  }

  @Test
  void g2ItemOfTwoThatReadBothRowsAndWriteOneEachOneIsRefused() throws SQLException {
    one.sees(ALL, 10, 20);
    two.sees(ONE, 10);
    two.sees(TWO, 20);
    Actor.Step first = one.waits(set(1, 11));
    two.begins(set(2, 21)).isRefused();
    first.succeeds();
    one.commits();
    two.rollsBack();
    endsWith(11, 20);
  }

  @Test
  void g2OfTwoThatFindNothingAndInsertItOneIsRefused() throws SQLException {
    one.sees("SELECT id FROM test WHERE MOD(val, 3) = 0");
    two.sees("SELECT id FROM test WHERE MOD(val, 3) = 0");
    Actor.Step first = one.waits("INSERT INTO test VALUES (3, 30)");
    two.begins("INSERT INTO test VALUES (4, 42)").isRefused();
    first.succeeds();
    one.commits();
    two.rollsBack();
    endsWith(10, 20, 30);
  }

  @Test
  void g2AlsoInAKeyRangeAndByAggregates() throws SQLException {
    one.sees("SELECT COUNT(*) FROM test WHERE id BETWEEN 5 AND 9", 0L);
    two.sees("SELECT COUNT(*) FROM test WHERE id BETWEEN 7 AND 12", 0L);
    one.does("INSERT INTO test VALUES (6, 60)");
    Actor.Step first = one.waits("INSERT INTO test VALUES (8, 80)");
    two.does("INSERT INTO test VALUES (11, 110)");
    two.begins("INSERT INTO test VALUES (7, 70)").isRefused();
    first.succeeds();
    one.commits();
    two.rollsBack();
    endsWith(10, 20, 60, 80);
  }

  @Test
  void g2TwoDependenciesThroughAThirdTransaction() throws SQLException {
    one.sees(ALL, 10, 20);
    Actor.Step update = two.waits("UPDATE test SET val = val + 5 WHERE id = 2");
    Actor third = stage.reader("third");
    third.sees(ALL, 10, 20);
    third.commits();
    one.does(set(1, 0));
    one.commits();
    update.succeeds();
    two.commits();
    endsWith(0, 25);
  }

  @Test
  void aReaderThatComesBetweenSeesNoStateThatNoOrderExplains() throws SQLException {
    two.sees(ALL, 10, 20);
    Actor.Step deposit = one.waits("UPDATE test SET val = val + 20 WHERE id = 2");
    Actor reader = stage.reader("reader");
    reader.sees(ALL, 10, 20);
    two.does(set(1, -1));
    two.commits();
    deposit.succeeds();
    one.commits();
    reader.sees(ALL, 10, 20);
    endsWith(-1, 40);
  }

  @Test
  void aReaderThatSawTheDepositIsAfterItAndSoIsTheWithdrawal() throws SQLException {
    one.does("UPDATE test SET val = val + 20 WHERE id = 2");
    one.commits();
    Actor reader = stage.reader("reader");
    reader.sees(ALL, 10, 40);
    two.sees(ALL, 10, 40);
    two.does(set(1, -1));
    two.commits();
    reader.sees(ALL, 10, 40);
    endsWith(-1, 40);
  }

  @Test
  void aDeadlockBetweenTransactionAndTransactionCostsExactlyOne() throws SQLException {
    one.does(set(1, 11));
    two.does(set(2, 22));
    Actor.Step first = one.waits(set(2, 12));
    Actor.Step second = two.begins(set(1, 21));
    assertTrue(first.wasRefused() ^ second.wasRefused());
  }
}
