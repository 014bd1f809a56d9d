package org.treatydb.jdbc.meta;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.sql.api.SqlDatabase;

/**
 * The open sessions of one database, by id. Each answers to the caller only who has opened it. A session leaves when it is closed, or when
 * it was idle for too long. Thread-safe.
 */
final class SessionTable {

  /** Ids are made by clients; a shorter one than a UUID could be guessed. */
  static final int ID_CHARACTERS_MIN = 32;
  static final int ID_CHARACTERS_MAX = 128;
  static final int SESSIONS_MAX = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(SessionTable.class);

  /** How long ending all sessions waits for those that are at work. */
  private static final Duration END_MAX = Duration.ofSeconds(3);

  private final SqlDatabase database;
  private final LongSupplier nanoTime;
  private final StatementTimer timer = new StatementTimer();
  private final long statementTimeoutMillis;
  private final ConcurrentMap<String, OpenSession> sessions = new ConcurrentHashMap<>();
  private volatile boolean ending;

  /** {@code statementTimeout}: how long a statement may take, if its client says nothing; zero for no limit. */
  SessionTable(SqlDatabase database, Duration statementTimeout, LongSupplier nanoTime) {
    this.database = database;
    this.statementTimeoutMillis = statementTimeout.toMillis();
    this.nanoTime = nanoTime;
  }

  /** {@code timeoutMillis}: how long a statement of this session may take; 0 leaves it to the database. */
  void open(String id, TransactionOptions options, long timeoutMillis) throws SQLException {
    if (id == null || id.length() < ID_CHARACTERS_MIN || id.length() > ID_CHARACTERS_MAX) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "A connection id has " + ID_CHARACTERS_MIN + " to " + ID_CHARACTERS_MAX
          + " characters, chosen at random.");
    }
    if (sessions.size() >= SESSIONS_MAX) {
      throw SqlErrors.of("53300", "There are " + SESSIONS_MAX + " connections already, and no more are allowed.");
    }
    if (ending) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "The database is closing.");
    }
    Caller caller = Caller.current();
    StatementLimits limits = new StatementLimits(timer, timeoutMillis > 0 ? timeoutMillis : statementTimeoutMillis);
    OpenSession session = new OpenSession(database.openSession(caller.user(), options), caller, nanoTime, limits);
    if (sessions.putIfAbsent(id, session) != null) {
      session.close();
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "There is a connection of this id already.");
    }
  }

  OpenSession get(String id) throws SQLException {
    OpenSession found = id == null ? null : sessions.get(id);
    // Whoever has learned another one's id is told the same as who has made it up.
    OpenSession session = found != null && found.isOf(Caller.current()) ? found : null;
    if (session == null && ending) {
      throw shuttingDown();
    }
    if (session == null) {
      throw SqlErrors.of(SqlErrors.CONNECTION_CLOSED, "The connection is closed: the server does not know it, or ended it because it was "
          + "idle for too long. What it had not committed is rolled back.");
    }
    return session;
  }

  /** What the clients of sessions that end with the database are told. */
  static SQLException shuttingDown() {
    return SqlErrors.of(SqlErrors.SHUTTING_DOWN, "The database is shutting down. What was not committed is rolled back.");
  }

  /** Ends a session, which stops what it is working on and rolls back what is open. No effect if there is none of that id. */
  void close(String id) {
    OpenSession session = id == null ? null : sessions.get(id);
    if (session != null && session.isOf(Caller.current()) && sessions.remove(id, session)) {
      session.cancelAll("The connection was closed.");
      session.close();
    }
  }

  /**
   * Ends the sessions that nobody has used for that long. One that works, or waits for a lock, is in use; one with an open transaction is
   * left to the store, which ends transactions that lie idle.
   */
  void closeIdle(long idleNanosMax) {
    sessions.forEach((id, session) -> {
      if (session.closeIfIdle(idleNanosMax)) {
        sessions.remove(id, session);
        LOG.warn("A connection was idle for too long and was closed");
      }
    });
  }

  /**
   * Takes no new sessions, and ends all, those at rest first: whoever waits for their locks can go on, and end. Cancels the work of those
   * that are at work still after {@link #END_MAX}.
   */
  void closeAll() {
    ending = true;
    List<OpenSession> all = new ArrayList<>();
    for (String id : sessions.keySet()) {
      OpenSession session = sessions.remove(id);
      if (session != null) {
        all.add(session);
        session.endSoon();
      }
    }
    try {
      awaitEnd(all);
      all.forEach(session -> session.cancelAll("The database is shutting down."));
      awaitEnd(all);
      all.forEach(_ -> LOG.warn("A connection was still at work when it had to end"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    timer.close();
  }

  /** Waits for the ends of {@code sessions}, for {@link #END_MAX} in all, and takes those out that have ended. */
  private static void awaitEnd(List<OpenSession> sessions) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + END_MAX.toNanos();
    for (OpenSession session : List.copyOf(sessions)) {
      if (session.awaitEnd(deadlineNanos - System.nanoTime())) {
        sessions.remove(session);
      }
    }
  }
}
