package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.Cancellation;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.KeyLayout;

/** Indexes are built while others write, have every row in the end, and are gone or built on if that fails. */
@Timeout(120)
class IndexBuildTest {

  private static final int ROWS = 1_200;

  private final EmbeddedStore files = EmbeddedStore.openInMemory();
  private final InterruptingStore store = new InterruptingStore(files);
  private SqlDatabase database;
  private SqlSession session;
  private SqlSession writer;

  @BeforeEach
  void open() throws Exception {
    database = TreatyDatabase.over(store, 3);
    session = database.openSession();
    writer = database.openSession();
    Sql.update(session, "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b VARCHAR(10))");
    String rows = String.join(", ", IntStream.range(0, ROWS).mapToObj(i -> "(" + i + ", " + 10 * i + ", 'b" + i + "')").toList());
    Sql.update(session, "INSERT INTO t VALUES " + rows);
  }

  @AfterEach
  void close() {
    store.before(() -> { });
    database.close();
    files.close();
  }

  private void isConsistent(int rows) {
    IndexEntries entries = IndexEntries.of(files);
    assertEquals(entries.wanted(), entries.present());
    assertEquals(rows, entries.present().size());
  }

  private List<List<Object>> indexes() throws Exception {
    return Sql.query(session, "SELECT index_name, state FROM sys.indexes ORDER BY index_name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INDEX i ON t (a DESC) INCLUDE (b)", "UNIQUE INDEX i ON t (a) INCLUDE (b)", "UNIQUE INDEX i ON t (b, a)"})
  void othersWriteWhileAnIndexIsBuilt(String what) throws Exception {
    Random random = new Random(7);
    AtomicInteger times = new AtomicInteger();
    store.before(() -> {
      times.incrementAndGet();
      int id = 10 * random.nextInt(ROWS / 10);
      Sql.update(writer, "DELETE FROM t WHERE id = " + id);
      Sql.update(writer, "UPDATE t SET a = a + 1, b = UPPER(b) WHERE id BETWEEN " + (id + 1) + " AND " + (id + 3));
      Sql.update(writer, "UPDATE t SET b = 'x' WHERE id = " + (id + 4));
      Sql.update(writer, "UPDATE t SET id = -id WHERE id = " + (id + 5));
      Sql.update(writer, "INSERT INTO t VALUES (?, ?, 'new')", ROWS + times.get(), 10 * ROWS + times.get());
    });
    Sql.update(session, "CREATE " + what);
    store.before(() -> { });
    assertTrue(times.get() > ROWS / 250, "nobody wrote in between");
    assertEquals(List.of(List.of("i", "READY")), indexes());
    isConsistent(((Long) Sql.query(session, "SELECT COUNT(*) FROM t").getFirst().getFirst()).intValue());
  }

  @Test
  void aWriterMayMakeAUniqueIndexImpossible() throws Exception {
    AtomicInteger times = new AtomicInteger();
    store.before(() -> {
      if (times.incrementAndGet() == 3) {
        // The rows to come are not in the index yet, so that nothing speaks against this one.
        Sql.update(writer, "INSERT INTO t VALUES (" + -ROWS + ", " + 10 * (ROWS - 1) + ", 'same')");
      }
    });
    Sql.fails(SqlState.UNIQUE_VIOLATION, session, "CREATE UNIQUE INDEX i ON t (a)");
    store.before(() -> { });
    assertEquals(List.of(), indexes());
    Sql.update(session, "INSERT INTO t VALUES (-1, 0, 'same')");
  }

  @Test
  void rowsThatWereThereTwiceAreFoundThoughOneIsWritten() throws Exception {
    Sql.update(session, "UPDATE t SET a = 0 WHERE id = " + (ROWS - 1));
    store.before(() -> Sql.update(writer, "UPDATE t SET b = b || '.' WHERE id = " + (ROWS - 1) + " AND CHARACTER_LENGTH(b) < 9"));
    Sql.fails(SqlState.UNIQUE_VIOLATION, session, "CREATE UNIQUE INDEX i ON t (a) INCLUDE (b)");
    store.before(() -> { });
    assertEquals(List.of(), indexes());
    AtomicInteger times = new AtomicInteger();
    store.before(() -> {
      if (times.incrementAndGet() == 4) {
        Sql.update(writer, "DELETE FROM t WHERE id = " + (ROWS - 1));
      }
    });
    Sql.update(session, "CREATE INDEX j ON t (a)");
    store.before(() -> { });
    isConsistent(ROWS - 1);
  }

  @Test
  void anIndexCanBeDroppedWhileItIsBuilt() throws Exception {
    AtomicInteger times = new AtomicInteger();
    store.before(() -> {
      if (times.incrementAndGet() == 5) {
        Sql.update(writer, "DROP INDEX i");
      }
    });
    Sql.fails(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, session, "CREATE INDEX i ON t (a)");
    store.before(() -> { });
    assertEquals(List.of(), indexes());
  }

  @Test
  void anIndexWhoseBuildingWasCutOffIsBuiltOn() throws Exception {
    cutOff("CREATE INDEX i ON t (a)");
    assertEquals(List.of(List.of("i", "BUILDING")), indexes());
    Sql.update(session, "UPDATE t SET a = a + 1 WHERE MOD(id, 3) = 0");
    assertEquals(List.of(List.of(5)), Sql.query(session, "SELECT id FROM t WHERE a = 50"));
    reopen();
    while (indexes().equals(List.of(List.of("i", "BUILDING")))) {
      LockSupport.parkNanos(1_000_000);
    }
    assertEquals(List.of(List.of("i", "READY")), indexes());
    isConsistent(ROWS);
  }

  @Test
  void anIndexWhoseBuildingWasCutOffIsRemovedIfItCannotBe() throws Exception {
    cutOff("CREATE UNIQUE INDEX i ON t (a)");
    Sql.update(session, "INSERT INTO t VALUES (" + -1 + ", " + 10 * (ROWS - 1) + ", 'same')");
    reopen();
    while (indexes().equals(List.of(List.of("i", "BUILDING")))) {
      LockSupport.parkNanos(1_000_000);
    }
    assertEquals(List.of(), indexes());
  }

  /** Begins to build an index and ends as a crash does. */
  private void cutOff(String sql) {
    AtomicInteger times = new AtomicInteger();
    store.before(() -> {
      if (times.incrementAndGet() >= 4) {
        throw new IllegalStateException("Cut off");
      }
    });
    Sql.fails(SqlState.INTERNAL_ERROR, session, sql);
    store.before(() -> { });
  }

  private void reopen() throws Exception {
    database.close();
    database = TreatyDatabase.over(store, 3);
    session = database.openSession();
  }

  @Test
  void twoBuildsOfOneIndexDoEachOtherNoHarm() throws Exception {
    cutOff("CREATE UNIQUE INDEX i ON t (a)");
    try (SqlDatabase other = TreatyDatabase.over(files, 3); SqlDatabase third = TreatyDatabase.over(files, 3);
        SqlSession otherSession = other.openSession()) {
      while (Sql.query(otherSession, "SELECT * FROM sys.indexes WHERE state = 'BUILDING'").size() > 0) {
        LockSupport.parkNanos(1_000_000);
      }
      assertFalse(third.openSession().isClosed());
    }
    isConsistent(ROWS);
  }

  @Test
  void writersOfManyThreadsLeaveAConsistentIndex() throws Exception {
    CountDownLatch started = new CountDownLatch(2);
    CountDownLatch built = new CountDownLatch(1);
    Thread[] threads = new Thread[2];
    AtomicInteger failures = new AtomicInteger();
    for (int i = 0; i < threads.length; i++) {
      int number = i;
      threads[i] = Thread.ofPlatform().start(() -> {
        Random random = new Random(number);
        try (SqlSession own = database.openSession()) {
          for (int n = 0; n < 20 || built.getCount() > 0; n++) {
            int id = random.nextInt(ROWS);
            Sql.update(own, "UPDATE t SET a = ?, b = 'w' WHERE id = ?", -2 * n - number, id);
            Sql.update(own, "INSERT INTO t VALUES (?, ?, 'n')", ROWS + 2 * n + number, 20 * ROWS + 2 * n + number);
            started.countDown();
          }
        } catch (Exception e) {
          failures.incrementAndGet();
        }
      });
    }
    started.await();
    try {
      Sql.update(session, "CREATE INDEX i ON t (a)");
    } finally {
      built.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertEquals(0, failures.get());
    isConsistent(((Long) Sql.query(session, "SELECT COUNT(*) FROM t").getFirst().getFirst()).intValue());
  }

  @Test
  void theRowsOfADroppedIndexDisappear() throws Exception {
    Sql.update(session, "CREATE INDEX i ON t (a)");
    Sql.update(session, "DROP INDEX i");
    while (entriesOfFirstIndex() > 0) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private int entriesOfFirstIndex() {
    int entries = 0;
    try (KvTransaction transaction = files.begin(TransactionOptions.READ_ONLY); KvCursor cursor = transaction.scan(KeyRange.ALL)) {
      while (cursor.next()) {
        entries += CountingStore.isUsers(cursor.key()) && KeyLayout.indexId(cursor.key()) == 1 ? 1 : 0;
      }
    }
    return entries;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 7})
  void anIndexWhoseBuildingIsCancelledIsGone(int transactions) throws Exception {
    Cancellation cancellation = new Cancellation();
    session.obey(cancellation);
    AtomicInteger times = new AtomicInteger();
    store.before(() -> {
      if (times.incrementAndGet() == transactions) {
        cancellation.cancel("Enough.");
      }
    });
    Sql.fails(SqlState.QUERY_CANCELED, session, "CREATE INDEX i ON t (a)");
    store.before(() -> { });
    session.obey(Cancellation.NEVER);
    assertEquals(List.of(), indexes());
    Sql.update(session, "CREATE INDEX i ON t (a)");
    isConsistent(ROWS);
  }

  @Test
  void aCancelledAnalyzeStops() throws Exception {
    Cancellation cancellation = new Cancellation();
    session.obey(cancellation);
    store.before(() -> cancellation.cancel("Enough."));
    Sql.fails(SqlState.QUERY_CANCELED, session, "ANALYZE t");
    store.before(() -> { });
    session.obey(Cancellation.NEVER);
    Sql.update(session, "ANALYZE t");
  }
}
