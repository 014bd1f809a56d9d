package org.treatydb.sql.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.sql.api.SqlCursor;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlState;

/** One session with a thread of its own, whose steps are done, wait for a lock, or fail with 40001. */
final class Actor {

  /** What a statement gave: rows, or no rows. */
  private record Answer(List<List<Object>> rows, SQLException failure) {}

  /** One statement under way. */
  final class Step {

    private final String sql;
    private final CompletableFuture<Answer> answer;

    Step(String sql) {
      this.sql = sql;
      this.answer = CompletableFuture.supplyAsync(() -> execute(sql), thread);
    }

    boolean isDone() {
      return answer.isDone();
    }

    private Answer get() {
      try {
        return answer.get();
      } catch (InterruptedException | ExecutionException e) {
        throw new AssertionError(name + ": " + sql, e);
      }
    }

    /** It is done, or will be now that nobody holds it up. */
    List<List<Object>> succeeds() {
      Answer got = get();
      assertNull(got.failure, () -> name + ": " + sql + " failed: " + got.failure);
      return got.rows;
    }

    void succeedsWith(Object... values) {
      assertEquals(Arrays.asList(values), succeeds().stream().map(List::getFirst).toList(), () -> name + ": " + sql);
    }

    /** It ends, or will end, with 40001: its transaction is rolled back. */
    void isRefused() {
      failsWith(SqlState.SERIALIZATION_FAILURE);
    }

    /** It ends, or will end, with this error. */
    void failsWith(SqlState state) {
      Answer got = get();
      assertTrue(got.failure != null, () -> name + ": " + sql + " was done");
      assertEquals(state.code(), got.failure.getSQLState(), got.failure.getMessage());
    }

    /** Its rows; null if it ended with 40001. Waits for it. */
    List<List<Object>> rowsUnlessRefused() {
      return wasRefused() ? null : succeeds();
    }

    /** Whether it ended with 40001. */
    boolean wasRefused() {
      if (get().failure == null) {
        return false;
      }
      isRefused();
      return true;
    }
  }

  private final String name;
  private final Stage stage;
  private final SqlSession session;
  private final ExecutorService thread;

  Actor(String name, Stage stage, SqlSession session) {
    this.name = name;
    this.stage = stage;
    this.session = session;
    this.thread = Executors.newSingleThreadExecutor(Thread.ofVirtual().name(name).factory());
  }

  Actor(String name, Stage stage, SqlSession session, boolean readOnly) throws SQLException {
    this(name, stage, session);
    session.setReadOnly(readOnly);
    does("START TRANSACTION");
  }

  /** Begins a step and does not wait for anything. */
  Step starts(String sql) {
    return new Step(sql);
  }

  private Answer execute(String sql) {
    try {
      SqlResult result = session.prepare(sql).execute(List.of());
      return new Answer(result instanceof SqlResult.Rows rows ? read(rows) : List.of(), null);
    } catch (SQLException e) {
      return new Answer(null, e);
    }
  }

  private static List<List<Object>> read(SqlResult.Rows result) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    try (SqlCursor cursor = result.cursor()) {
      while (cursor.next()) {
        rows.add(Arrays.asList(cursor.row()));
      }
    }
    return rows;
  }

  /** Begins a step and lets it settle. */
  Step begins(String sql) {
    Set<TransactionId> waitedBefore = stage.waiting();
    Step step = new Step(sql);
    stage.waits(step, waitedBefore);
    return step;
  }

  /** A step that is done without waiting. */
  void does(String sql) {
    Set<TransactionId> waitedBefore = stage.waiting();
    Step step = new Step(sql);
    assertFalse(stage.waits(step, waitedBefore), () -> name + ": " + sql + " waits");
    step.succeeds();
  }

  /** A query that gives, without waiting, these values in its first column. */
  void sees(String sql, Object... values) {
    Step step = begins(sql);
    assertTrue(step.isDone(), () -> name + ": " + sql + " waits");
    step.succeedsWith(values);
  }

  /** A step that has to wait for another transaction. */
  Step waits(String sql) {
    Set<TransactionId> waitedBefore = stage.waiting();
    Step step = new Step(sql);
    assertTrue(stage.waits(step, waitedBefore), () -> name + ": " + sql + " did not wait");
    return step;
  }

  void commits() {
    does("COMMIT");
  }

  void rollsBack() {
    does("ROLLBACK");
  }

  void close() {
    thread.shutdownNow();
    session.close();
  }
}
