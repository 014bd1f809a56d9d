package org.treatydb.jdbc.meta;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.apache.calcite.avatica.remote.LocalService;
import org.apache.calcite.avatica.remote.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.sql.api.SqlAccount;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlUser;
import org.treatydb.sql.audit.AuditLog;

/**
 * Answers Avatica requests over one database. Every failure is a SQLException; what was not foreseen is logged here with a number, and the
 * caller learns the number and nothing else.
 *
 * <p>Thread-safe. Requests of different sessions run in parallel, those of one session one after the other.
 */
public final class SessionService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SessionService.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SqlDatabase database;
  private final SessionTable sessions;
  private final Service service;

  public SessionService(SqlDatabase database) {
    this(database, Duration.ZERO);
  }

  /** {@code statementTimeout}: how long a statement may take, if its client says nothing; zero for no limit. */
  public SessionService(SqlDatabase database, Duration statementTimeout) {
    this(database, statementTimeout, System::nanoTime);
  }

  SessionService(SqlDatabase database, LongSupplier nanoTime) {
    this(database, Duration.ZERO, nanoTime);
  }

  private SessionService(SqlDatabase database, Duration statementTimeout, LongSupplier nanoTime) {
    this.database = database;
    this.sessions = new SessionTable(database, statementTimeout, nanoTime);
    this.service = new LocalService(new SessionMeta(sessions));
  }

  /** Executes a request of this process, in the name of the built-in administrator, as long as the session's statements may take. */
  public Service.Response apply(Service.Request request) throws SQLException {
    return apply(request, 0, Caller.EMBEDDED);
  }

  /** Whether a server must know who speaks: from the first user or role on, for good. */
  public boolean requiresSignIn() throws SQLException {
    try {
      return database.requiresSignIn();
    } catch (RuntimeException | Error e) {
      throw unforeseen(e);
    }
  }

  /** What there is to check about the user of this name; also if there is none. */
  public SqlAccount account(String name) throws SQLException {
    try {
      return database.account(name);
    } catch (RuntimeException | Error e) {
      throw unforeseen(e);
    }
  }

  /**
   * The caller for a program that has the database within its process: with a name, and if the database has users, this user, whose
   * password must be right; otherwise the built-in administrator.
   *
   * @param password null for an empty one
   * @throws SQLException 28P01 if name or password are wrong
   */
  public Caller embedded(String name, String password) throws SQLException {
    if (name == null || name.isEmpty() || !requiresSignIn()) {
      return Caller.EMBEDDED;
    }
    SqlUser user = account(name).signIn((password == null ? "" : password).getBytes(StandardCharsets.UTF_8));
    if (user == null) {
      AuditLog.refused(name, "this process", "The name or the password is wrong.");
      throw SqlErrors.of(SqlErrors.WRONG_PASSWORD, "The name or the password is wrong.");
    }
    AuditLog.signedIn(name, "this process");
    return Caller.of(UUID.randomUUID().toString()).as(user);
  }

  /**
   * Executes a request.
   *
   * @param statementTimeoutMillis how long it may take if it executes or reads a statement; 0 leaves it to the session
   * @param caller who sends it; if it opens a session, in his name
   */
  public Service.Response apply(Service.Request request, long statementTimeoutMillis, Caller caller) throws SQLException {
    try {
      return ScopedValue.where(StatementLimits.REQUESTED_MILLIS, statementTimeoutMillis).where(Caller.CURRENT, caller)
          .call(() -> dispatch(request));
    } catch (SqlFailure e) {
      throw e.exception();
    } catch (RuntimeException | Error e) {
      throw unforeseen(e);
    }
  }

  private static SQLException unforeseen(Throwable e) {
    byte[] number = new byte[4];
    RANDOM.nextBytes(number);
    String reference = HexFormat.of().formatHex(number);
    LOG.error("Internal error {}", reference, e);
    return SqlErrors.of(SqlErrors.INTERNAL_ERROR, "Internal error. The log of the database says more, under the number " + reference + ".");
  }

  private Service.Response dispatch(Service.Request request) throws SQLException {
    return switch (request) {
      case Service.ExecuteRequest r -> service.apply(r);
      case Service.PrepareAndExecuteRequest r -> service.apply(r);
      case Service.FetchRequest r -> service.apply(r);
      case Service.PrepareRequest r -> service.apply(r);
      case Service.CommitRequest r -> service.apply(r);
      case Service.RollbackRequest r -> service.apply(r);
      case Service.ExecuteBatchRequest r -> service.apply(r);
      case Service.PrepareAndExecuteBatchRequest r -> service.apply(r);
      case Service.ConnectionSyncRequest r -> service.apply(r);
      case Service.CreateStatementRequest r -> service.apply(r);
      case Service.CloseStatementRequest r -> service.apply(r);
      case Service.OpenConnectionRequest r -> service.apply(r);
      case Service.CloseConnectionRequest r -> service.apply(r);
      case Service.SyncResultsRequest r -> service.apply(r);
      case Service.CatalogsRequest r -> service.apply(r);
      case Service.SchemasRequest r -> service.apply(r);
      case Service.TablesRequest r -> service.apply(r);
      case Service.ColumnsRequest r -> service.apply(r);
      case Service.TableTypesRequest r -> service.apply(r);
      case Service.TypeInfoRequest r -> service.apply(r);
      case Service.DatabasePropertyRequest r -> service.apply(r);
      default -> throw SqlErrors.of(SqlErrors.UNSUPPORTED, "The server does not know the request " + request.getClass().getSimpleName()
          + ".");
    };
  }

  /**
   * Ends the sessions that nobody has used for too long. One with a transaction stays until the store has ended that, by its limits.
   *
   * @param idleMax how long a session may rest
   */
  public void closeIdleSessions(Duration idleMax) {
    sessions.closeIdle(idleMax.toNanos());
  }

  /**
   * Ends all sessions, each after the request it works on, and takes no new ones; what they have open is rolled back. Waits a few seconds
   * at most.
   */
  @Override
  public void close() {
    sessions.closeAll();
  }
}
