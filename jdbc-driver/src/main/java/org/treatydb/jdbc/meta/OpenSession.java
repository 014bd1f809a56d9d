package org.treatydb.jdbc.meta;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.TypedValue;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.sql.api.Cancellation;
import org.treatydb.sql.api.ListCursor;
import org.treatydb.sql.api.SqlCursor;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlStatement;

/** One session and its statements. It runs one request at a time; others wait. Any thread can stop those under way. Thread-safe. */
final class OpenSession {

  static final int STATEMENTS_MAX = 10_000;

  /** The id of no statement. */
  private static final int NO_STATEMENT = 0;

  private final SqlSession session;
  private final Caller owner;
  private final LongSupplier nanoTime;
  private final StatementLimits limits;
  private final Set<Request> underWay = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, OpenStatement> statements = new HashMap<>();
  private long lastUsedNanos;
  private volatile boolean ending;

  /** What a request does to the session. */
  interface Work<T> {
    T apply(SqlSession session) throws SQLException;
  }

  /** One member of a batch: executes, and gives its count. */
  private interface BatchMember {
    long execute() throws SQLException;
  }

  /** A request that waits for the session or works, for the statement with that id. */
  private record Request(int statementId, Cancellation cancellation) {}

  OpenSession(SqlSession session, Caller owner, LongSupplier nanoTime, StatementLimits limits) {
    this.session = session;
    this.owner = owner;
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.lastUsedNanos = nanoTime.getAsLong();
  }

  /** Whether {@code caller} has opened it. */
  boolean isOf(Caller caller) {
    return owner.isSameAs(caller);
  }

  /** Does {@code work} when the session is free. */
  <T> T use(Work<T> work) throws SQLException {
    return use(new Request(NO_STATEMENT, new Cancellation()), work);
  }

  /** As {@link #use(Work)}, for a statement, whose work may be cancelled, and may not take longer than its limit. */
  private <T> T use(int statementId, Work<T> work) throws SQLException {
    Request request = new Request(statementId, new Cancellation());
    try (StatementTimer.Limit _ = limits.start(request.cancellation)) {
      return use(request, work);
    }
  }

  private <T> T use(Request request, Work<T> work) throws SQLException {
    underWay.add(request);
    lock.lock();
    try {
      if (session.isClosed()) {
        throw ending ? SessionTable.shuttingDown() : SqlErrors.of(SqlErrors.CONNECTION_CLOSED, "The connection is closed.");
      }
      if (request.cancellation.reason() != null) {
        throw SqlErrors.of(SqlErrors.CANCELLED, request.cancellation.reason());
      }
      session.obey(request.cancellation);
      return work.apply(session);
    } finally {
      session.obey(Cancellation.NEVER);
      underWay.remove(request);
      lastUsedNanos = nanoTime.getAsLong();
      if (ending) {
        close();
      }
      lock.unlock();
    }
  }

  /** Stops what is under way for a statement, with 57014. No effect if nothing is. */
  void cancel(int statementId) {
    for (Request request : underWay) {
      if (request.statementId == statementId) {
        request.cancellation.cancel("The statement was cancelled.");
      }
    }
  }

  /** Stops all that is under way, with 57014. */
  void cancelAll(String why) {
    underWay.forEach(request -> request.cancellation.cancel(why));
  }

  /** Makes a statement without SQL, and gives its id. */
  int createStatement() throws SQLException {
    return use(open -> add(null));
  }

  Meta.StatementHandle prepare(String connectionId, String sql, Wanted wanted) throws SQLException {
    return use(open -> {
      SqlStatement statement = wanted.prepare(open, sql);
      return new Meta.StatementHandle(connectionId, add(statement), Signatures.of(statement));
    });
  }

  /** Ids made here are positive; clients may use negative ones for statements that need no preparation. */
  private int add(SqlStatement prepared) throws SQLException {
    if (statements.size() >= STATEMENTS_MAX) {
      throw SqlErrors.of(SqlErrors.TOO_LARGE, "The connection has " + STATEMENTS_MAX + " open statements, and no more are allowed. Close "
          + "those that are not in use.");
    }
    int id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
    while (statements.containsKey(id)) {
      id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
    }
    statements.put(id, new OpenStatement(prepared));
    return id;
  }

  private OpenStatement statement(int id) throws SQLException {
    OpenStatement statement = statements.get(id);
    if (statement == null) {
      throw unknownStatement();
    }
    return statement;
  }

  private static SQLException unknownStatement() {
    return SqlErrors.of(SqlErrors.SEQUENCE_ERROR, "This connection has no such statement.");
  }

  /** Executes a prepared statement. Gives its result; if there are keys, too, these come second. */
  List<Meta.MetaResultSet> execute(Meta.StatementHandle handle, List<TypedValue> parameters, int rowsMax) throws SQLException {
    return use(handle.id, open -> {
      OpenStatement statement = statement(handle.id);
      return result(handle, statement, statement.execute(ParameterDecoder.decode(parameters)), rowsMax);
    });
  }

  /** Prepares SQL text and executes it, if it gives what is wanted. Gives what the other one does. */
  List<Meta.MetaResultSet> execute(Meta.StatementHandle handle, String sql, Wanted wanted, int rowsMax) throws SQLException {
    return use(handle.id, open -> {
      SqlStatement prepared = wanted.prepare(open, sql);
      OpenStatement statement = handle.id < 0 ? statements.get(handle.id) : statement(handle.id);
      if (statement != null) {
        statement.closeCursor();
      } else {
        statement = new OpenStatement(null);
      }
      List<Meta.MetaResultSet> result = result(handle, statement, statement.execute(prepared), rowsMax);
      if (handle.id < 0) {
        keepWhileReading(handle.id, statement);
      }
      return result;
    });
  }

  private void keepWhileReading(int id, OpenStatement statement) {
    if (statement.isReading()) {
      statements.put(id, statement);
    } else {
      statements.remove(id);
    }
  }

  private static List<Meta.MetaResultSet> result(Meta.StatementHandle handle, OpenStatement statement, SqlResult result, int rowsMax)
      throws SQLException {
    if (result instanceof SqlResult.UpdateCount count) {
      return List.of(Meta.MetaResultSet.count(handle.connectionId, handle.id, count.rows()));
    }
    SqlCursor rows = ((SqlResult.Rows) result).cursor();
    if (!statement.prepared().givesKeys()) {
      return List.of(rows(handle, statement, rows, rowsMax));
    }
    List<Object[]> keys = ListCursor.read(rows);
    return List.of(
        Meta.MetaResultSet.count(handle.connectionId, handle.id, keys.size()), rows(handle, statement, new ListCursor(keys), rowsMax));
  }

  private static Meta.MetaResultSet rows(Meta.StatementHandle handle, OpenStatement statement, SqlCursor rows, int rowsMax)
      throws SQLException {
    return Meta.MetaResultSet.create(
        handle.connectionId, handle.id, false, Signatures.of(statement.prepared()), statement.read(rows, rowsMax));
  }

  Meta.Frame fetch(int statementId, long offset, int rowsMax) throws SQLException {
    return use(statementId, open -> {
      OpenStatement statement = statement(statementId);
      try {
        return statement.fetch(offset, rowsMax);
      } finally {
        if (statementId < 0) {
          keepWhileReading(statementId, statement);
        }
      }
    });
  }

  /** Gives up what is unread of a statement's rows. */
  void closeCursor(int statementId) throws SQLException {
    use(open -> {
      OpenStatement statement = statements.get(statementId);
      if (statement != null) {
        statement.closeCursor();
        if (statementId < 0) {
          statements.remove(statementId);
        }
      }
      return null;
    });
  }

  void closeStatement(int statementId) throws SQLException {
    use(open -> {
      OpenStatement statement = statements.remove(statementId);
      if (statement != null) {
        statement.closeCursor();
      }
      return null;
    });
  }

  /** Runs a prepared statement once for each row. What it gives of keys can be fetched afterwards, like rows of the statement. */
  long[] executeBatch(int statementId, List<List<TypedValue>> rows) throws SQLException {
    return use(statementId, open -> {
      OpenStatement statement = statement(statementId);
      checkBatched(statement.prepared());
      List<Object[]> keys = new ArrayList<>();
      long[] counts = batch(open, rows.stream().<BatchMember>map(
          row -> () -> count(statement.execute(ParameterDecoder.decode(row)), keys)).toList());
      statement.keep(keys);
      return counts;
    });
  }

  long[] executeCommands(int statementId, List<String> commands) throws SQLException {
    return use(statementId, open -> batch(open, commands.stream().<BatchMember>map(sql -> () -> runBatched(open, sql)).toList()));
  }

  private static long runBatched(SqlSession session, String sql) throws SQLException {
    SqlStatement statement = session.prepare(sql);
    checkBatched(statement);
    return count(statement.execute(List.of()), new ArrayList<>());
  }

  private static void checkBatched(SqlStatement statement) throws SQLException {
    if (statement != null && statement.givesRows() && !statement.givesKeys()) {
      throw SqlErrors.of(SqlErrors.SEQUENCE_ERROR, "A batch cannot hold what gives rows.");
    }
  }

  /** The count of a member of a batch; its keys go to {@code keys}. */
  private static long count(SqlResult result, List<Object[]> keys) throws SQLException {
    return switch (result) {
      case SqlResult.UpdateCount count -> count.rows();
      case SqlResult.Rows rows -> {
        List<Object[]> more = ListCursor.read(rows.cursor());
        keys.addAll(more);
        yield more.size();
      }
    };
  }

  /** Runs a batch. In autocommit mode it is one transaction, all or nothing; otherwise it stops at the first member that fails. */
  private static long[] batch(SqlSession session, List<BatchMember> members) throws SQLException {
    boolean ownTransaction = session.isAutoCommit() && !session.inTransaction() && members.size() > 1;
    if (!ownTransaction) {
      return run(members);
    }
    session.setAutoCommit(false);
    try {
      long[] counts = run(members);
      session.commit();
      return counts;
    } catch (SQLException e) {
      session.rollback();
      long[] counts = new long[members.size()];
      Arrays.fill(counts, Statement.EXECUTE_FAILED);
      SQLException cause = e instanceof BatchUpdateException && e.getCause() instanceof SQLException member ? member : e;
      throw failed(cause, counts);
    } finally {
      session.setAutoCommit(true);
    }
  }

  private static long[] run(List<BatchMember> members) throws SQLException {
    long[] counts = new long[members.size()];
    for (int i = 0; i < counts.length; i++) {
      try {
        counts[i] = members.get(i).execute();
      } catch (SQLException e) {
        throw failed(e, Arrays.copyOf(counts, i));
      }
    }
    return counts;
  }

  private static BatchUpdateException failed(SQLException thrown, long[] counts) {
    SQLException cause = SqlErrors.conforming(thrown);
    BatchUpdateException e = new BatchUpdateException(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), counts, cause);
    e.setNextException(cause);
    return e;
  }

  /** Ends the session, after the request under way, if any; rolls back what is open. */
  void close() {
    lock.lock();
    try {
      statements.values().forEach(OpenStatement::closeCursor);
      statements.clear();
      session.close();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the session now if it is at rest, and otherwise right after the request under way. */
  void endSoon() {
    ending = true;
    if (lock.tryLock()) {
      try {
        close();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits for a session that {@link #endSoon} was told to end; false if it is at work still when the time is over. */
  boolean awaitEnd(long nanosMax) throws InterruptedException {
    if (!lock.tryLock(nanosMax, TimeUnit.NANOSECONDS)) {
      return false;
    }
    try {
      close();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the session if no request is under way, the last one is that long ago, and it holds no transaction. */
  boolean closeIfIdle(long idleNanosMax) {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      boolean idle = nanoTime.getAsLong() - lastUsedNanos > idleNanosMax && !session.holdsTransaction();
      if (idle) {
        close();
      }
      return idle;
    } finally {
      lock.unlock();
    }
  }
}
