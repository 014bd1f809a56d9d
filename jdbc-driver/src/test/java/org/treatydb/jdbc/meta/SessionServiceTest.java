package org.treatydb.jdbc.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.remote.Service;
import org.apache.calcite.avatica.remote.TypedValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlAccount;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlUser;
import org.treatydb.sql.exec.QueryMemory;
import org.treatydb.sql.session.TreatyDatabase;

/** Requests as any client may send them, well-meaning or not. */
class SessionServiceTest {

  private static final Duration IDLE_MAX = Duration.ofHours(1);

  private final AtomicLong nanos = new AtomicLong();
  private final String id = UUID.randomUUID().toString();
  private EmbeddedStore store;
  private SqlDatabase database;
  private SessionService service;

  @BeforeEach
  void open() throws SQLException {
    store = EmbeddedStore.openInMemory();
    // More than an endless query can take before it is stopped.
    database = TreatyDatabase.over(store, 1, new QueryMemory(1L << 50));
    service = new SessionService(database, nanos::get);
    openConnection(id);
    execute(id, "create table t (id integer primary key)");
  }

  @AfterEach
  void close() {
    service.close();
    database.close();
    store.close();
  }

  private void openConnection(String connectionId) throws SQLException {
    service.apply(new Service.OpenConnectionRequest(connectionId, Map.of("httpclient_impl", "java.lang.Thread")));
  }

  private Service.ResultSetResponse execute(String connectionId, String sql) throws SQLException {
    return ((Service.ExecuteResponse) service.apply(new Service.PrepareAndExecuteRequest(connectionId, -1, sql, -1))).results.get(0);
  }

  private Meta.StatementHandle prepare(String connectionId, String sql) throws SQLException {
    return ((Service.PrepareResponse) service.apply(new Service.PrepareRequest(connectionId, sql, -1))).statement;
  }

  private static void assertFails(String state, org.junit.jupiter.api.function.Executable work) {
    assertEquals(state, assertThrows(SQLException.class, work).getSQLState());
  }

  @Test
  void aStatementIsReachedOnlyThroughItsOwnConnection() throws SQLException {
    String other = UUID.randomUUID().toString();
    openConnection(other);
    Meta.StatementHandle mine = prepare(id, "insert into t values (?)");
    Meta.StatementHandle stolen = new Meta.StatementHandle(other, mine.id, null);
    assertFails("HY010", () -> service.apply(new Service.ExecuteRequest(stolen, List.of(), 0)));
    assertFails("HY010", () -> service.apply(new Service.ExecuteBatchRequest(other, mine.id, List.of(List.<TypedValue>of()))));
    assertFails("HY010", () -> service.apply(new Service.FetchRequest(other, mine.id, 0, 10)));
    service.apply(new Service.CloseStatementRequest(other, mine.id));
    List<TypedValue> one = List.of(TypedValue.ofLocal(org.apache.calcite.avatica.ColumnMetaData.Rep.INTEGER, 1));
    assertEquals(1, ((Service.ExecuteResponse) service.apply(new Service.ExecuteRequest(mine, one, 0))).results.get(0).updateCount);
  }

  @Test
  void aConnectionIsNeitherGuessedNorTakenOver() {
    assertFails("08001", () -> openConnection("1"));
    assertFails("08001", () -> openConnection(null));
    assertFails("08001", () -> openConnection("x".repeat(SessionTable.ID_CHARACTERS_MAX + 1)));
    assertFails("08001", () -> openConnection(id));
    assertFails("08003", () -> execute(UUID.randomUUID().toString(), "select * from t"));
    assertFails("08003", () -> service.apply(new Service.CommitRequest(null)));
  }

  @Test
  void rowsAreReadOnceAndInOrderAndNoQueryIsRunAgain() throws SQLException {
    execute(id, "insert into t values (1), (2), (3), (4), (5)");
    Meta.StatementHandle query = prepare(id, "select id from t");
    service.apply(new Service.ExecuteRequest(query, List.of(), 2));
    assertFails("24000", () -> service.apply(new Service.FetchRequest(id, query.id, 4, 2)));
    assertFails("24000", () -> service.apply(new Service.FetchRequest(id, query.id, 2, 2)));
    assertFails("24000", () -> service.apply(new Service.SyncResultsRequest(id, query.id, new QueryState("select id from t"), 2)));
  }

  @Test
  void aSenselessFrameSizeStillGivesAllRows() throws SQLException {
    execute(id, "insert into t values (1), (2), (3)");
    for (int rows : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      Meta.StatementHandle query = prepare(id, "select id from t");
      Service.ExecuteResponse response = (Service.ExecuteResponse) service.apply(new Service.ExecuteRequest(query, List.of(), rows));
      Meta.Frame frame = response.results.get(0).firstFrame;
      assertTrue(frame.done);
      assertEquals(3, ((List<?>) frame.rows).size());
    }
  }

  private void letTheIdleOnesEnd() {
    nanos.addAndGet(IDLE_MAX.toNanos() + 1);
    service.closeIdleSessions(IDLE_MAX);
  }

  @Test
  void aSessionInUseIsNeverEndedAndAnIdleOneIs() throws SQLException {
    String idle = UUID.randomUUID().toString();
    openConnection(idle);
    for (int i = 0; i < 20; i++) {
      execute(id, "insert into t values (" + i + ")");
      nanos.addAndGet(IDLE_MAX.toNanos());
      service.closeIdleSessions(IDLE_MAX);
    }
    assertFails("08003", () -> execute(idle, "select * from t"));
    execute(id, "insert into t values (100)");
    letTheIdleOnesEnd();
    assertFails("08003", () -> execute(id, "select * from t"));
  }

  @Test
  void aSessionWithATransactionEndsOnlyAfterTheStoreHasEndedThat() throws SQLException {
    String abandoned = UUID.randomUUID().toString();
    service.apply(new Service.OpenConnectionRequest(abandoned, Map.of("idleTransactionTimeoutMillis", "1000")));
    for (String each : List.of(id, abandoned)) {
      service.apply(new Service.ConnectionSyncRequest(each, new ConnectionPropertiesImpl().setAutoCommit(false)));
    }
    execute(abandoned, "insert into t values (1)");
    execute(id, "insert into t values (2)");
    while (store.transactions().size() > 1) {
      Thread.onSpinWait();
    }
    letTheIdleOnesEnd();
    assertFails("08003", () -> service.apply(new Service.CommitRequest(abandoned)));
    letTheIdleOnesEnd();
    execute(id, "insert into t values (3)");
    service.apply(new Service.CommitRequest(id));
    Meta.Frame frame = execute(id, "select count(*) from t").firstFrame;
    assertEquals(2L, ((Object[]) ((List<?>) frame.rows).get(0))[0]);
  }

  @Test
  void whoWaitsForALockDoesNotHoldUpTheEnd() throws Exception {
    String waiter = UUID.randomUUID().toString();
    openConnection(waiter);
    for (String each : List.of(id, waiter)) {
      service.apply(new Service.ConnectionSyncRequest(each, new ConnectionPropertiesImpl().setAutoCommit(false)));
    }
    execute(id, "insert into t values (1)");
    CountDownLatch answered = new CountDownLatch(1);
    Thread waiting = Thread.ofVirtual().start(() -> {
      try {
        execute(waiter, "insert into t values (1)");
        answered.countDown();
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    });
    while (store.locks().waiters().isEmpty()) {
      Thread.onSpinWait();
    }
    service.close();
    assertTrue(answered.await(0, TimeUnit.SECONDS) || waiting.join(Duration.ofSeconds(1)));
    assertEquals(0, answered.getCount());
    assertFails("57P01", () -> service.apply(new Service.CommitRequest(waiter)));
    assertFails("08001", () -> openConnection(UUID.randomUUID().toString()));
    assertTrue(store.locks().holders().isEmpty());
  }

  @Test
  void anErrorInsideIsLoggedAndNotTold() {
    SqlDatabase broken = new SqlDatabase() {
      @Override
      public SqlSession openSession(SqlUser user, TransactionOptions transactions) {
        throw new AssertionError("secret detail");
      }

      @Override
      public boolean requiresSignIn() {
        return false;
      }

      @Override
      public SqlAccount account(String name) {
        throw new AssertionError("secret detail");
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
    try (SessionService failing = new SessionService(broken)) {
      SQLException e = assertThrows(SQLException.class,
          () -> failing.apply(new Service.OpenConnectionRequest(UUID.randomUUID().toString(), Map.of())));
      assertEquals("XX000", e.getSQLState());
      assertFalse(e.getMessage().contains("secret"), e.getMessage());
    }
  }

  @Test
  void tooManyStatementsAreRefusedAndTheSessionGoesOn() throws SQLException {
    for (int i = 0; i < OpenSession.STATEMENTS_MAX; i++) {
      service.apply(new Service.CreateStatementRequest(id));
    }
    assertFails("54000", () -> service.apply(new Service.CreateStatementRequest(id)));
    assertEquals(1, execute(id, "insert into t values (1)").updateCount);
  }

  @Test
  void aServiceThatClosesStopsWhatIsUnderWay() throws Exception {
    CompletableFuture<SQLException> failure = new CompletableFuture<>();
    execute(id, "start transaction");
    execute(id, "insert into t values (1)");
    Thread worker = Thread.ofPlatform().start(() -> {
      SQLException thrown = assertThrows(SQLException.class,
          () -> execute(id, "with recursive n (i) as (values (1) union all select i from n) select count(*) from n"));
      failure.complete(thrown);
    });
    // At work, or, if it is slow, about to find the service closed.
    service.close();
    assertTrue(List.of("57014", "57P01").contains(failure.get().getSQLState()), failure.get().getSQLState());
    worker.join();
    assertTrue(store.locks().holders().isEmpty());
  }

  @Test
  void aServiceHasALimitForStatementsWhoseClientsNameNone() throws SQLException {
    try (SessionService strict = new SessionService(database, Duration.ofMillis(50))) {
      String endless = "with recursive n (i) as (values (1) union all select i from n) select count(*) from n";
      strict.apply(new Service.OpenConnectionRequest(id, Map.of()));
      SQLException e = assertThrows(SQLException.class, () -> strict.apply(new Service.PrepareAndExecuteRequest(id, -1, endless, -1)));
      assertEquals("57014", e.getSQLState());
      assertTrue(e.getMessage().contains("50 ms"), e.getMessage());
      Service.Request request = new Service.PrepareAndExecuteRequest(id, -1, endless, -1);
      e = assertThrows(SQLException.class, () -> strict.apply(request, 60, Caller.EMBEDDED));
      assertTrue(e.getMessage().contains("60 ms"), e.getMessage());
    }
  }
}
