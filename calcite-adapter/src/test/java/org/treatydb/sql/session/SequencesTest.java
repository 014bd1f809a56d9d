package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlSession;

/** Sequences, used by several sessions and databases at once. */
class SequencesTest {

  private static final int NUMBERS = 100;

  @Test
  void noNumberIsHandedOutTwice() throws Exception {
    try (EmbeddedStore store = EmbeddedStore.openInMemory(); SqlDatabase database = TreatyDatabase.over(store);
        SqlDatabase other = TreatyDatabase.over(store); SqlSession session = database.openSession();
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Sql.update(session, "CREATE SEQUENCE s");
      List<Future<List<Long>>> all =
          List.of(threads.submit(() -> take(database)), threads.submit(() -> take(database)), threads.submit(() -> take(other)));
      Set<Long> distinct = new HashSet<>();
      for (Future<List<Long>> one : all) {
        distinct.addAll(one.get());
      }
      assertEquals(3 * NUMBERS, distinct.size());
    }
  }

  private static List<Long> take(SqlDatabase database) throws Exception {
    List<Long> numbers = new ArrayList<>();
    try (SqlSession session = database.openSession()) {
      for (int i = 0; i < NUMBERS; i++) {
        numbers.add(next(session, "s"));
      }
    }
    return numbers;
  }

  private static long next(SqlSession session, String sequence) throws Exception {
    return (Long) Sql.query(session, "SELECT NEXT VALUE FOR " + sequence).getFirst().getFirst();
  }

  @Test
  void anInserterDoesNotWaitForAnother() throws Exception {
    try (EmbeddedStore store = EmbeddedStore.openInMemory(); SqlDatabase database = TreatyDatabase.over(store);
        SqlSession first = database.openSession(); SqlSession second = database.openSession()) {
      Sql.update(first, "CREATE TABLE t (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name VARCHAR)");
      first.setAutoCommit(false);
      assertEquals(1, Sql.update(first, "INSERT INTO t (name) VALUES ('a')"));
      assertEquals(1, Sql.update(second, "INSERT INTO t (name) VALUES ('b')"));
      first.commit();
      assertEquals(List.of(List.of("a"), List.of("b")), Sql.query(second, "SELECT name FROM t ORDER BY id"));
    }
  }

  @Test
  void aNewDatabaseOfTheSameStoreGoesOnAfterTheBlock() throws Exception {
    try (EmbeddedStore store = EmbeddedStore.openInMemory()) {
      try (SqlDatabase database = TreatyDatabase.over(store); SqlSession session = database.openSession()) {
        Sql.update(session, "CREATE SEQUENCE s");
        assertEquals(1, next(session, "s"));
      }
      try (SqlDatabase database = TreatyDatabase.over(store); SqlSession session = database.openSession()) {
        long after = next(session, "s");
        assertTrue(after > 1 && after <= 1 + SequenceNumbers.BLOCK, () -> "went on with " + after);
      }
    }
  }

  @Test
  void aSequenceThatWasRolledBackLeavesNothingToTheNext() throws Exception {
    try (EmbeddedStore store = EmbeddedStore.openInMemory(); SqlDatabase database = TreatyDatabase.over(store);
        SqlSession session = database.openSession()) {
      session.setAutoCommit(false);
      Sql.update(session, "CREATE SEQUENCE s START WITH 500");
      assertEquals(500, next(session, "s"));
      session.rollback();
      Sql.update(session, "CREATE SEQUENCE s");
      assertEquals(1, next(session, "s"));
      session.commit();
      assertEquals(2, next(session, "s"));
      session.rollback();
    }
  }
}
