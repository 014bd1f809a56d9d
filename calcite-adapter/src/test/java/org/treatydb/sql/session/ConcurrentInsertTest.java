package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlSession;

/** Sessions that insert the same keys at the same time. */
class ConcurrentInsertTest {

  private static final int ROUNDS = 100;
  private static final int KEYS = 3;

  @Test
  void onConflictLosesNoChangeOfAnotherSession() throws Exception {
    try (EmbeddedStore store = EmbeddedStore.openInMemory(); SqlDatabase database = TreatyDatabase.over(store);
        SqlSession reader = database.openSession(); ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Sql.update(reader, "CREATE TABLE hits (page INTEGER PRIMARY KEY, hits INTEGER)");
      CyclicBarrier start = new CyclicBarrier(2);
      List<Future<?>> both = List.of(threads.submit(() -> count(database, start)), threads.submit(() -> count(database, start)));
      for (Future<?> one : both) {
        one.get();
      }
      assertEquals(List.of(List.of((long) KEYS, 2L * ROUNDS)), Sql.query(reader, "SELECT COUNT(*), SUM(hits) FROM hits"));
    }
  }

  private static Void count(SqlDatabase database, CyclicBarrier start) throws Exception {
    try (SqlSession session = database.openSession()) {
      start.await();
      for (int i = 0; i < ROUNDS; i++) {
        Sql.update(session, "INSERT INTO hits VALUES (?, 1) ON CONFLICT (page) DO UPDATE SET hits = hits.hits + 1", i % KEYS);
      }
    }
    return null;
  }
}
