package org.treatydb.sql.session;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlStatement;

/**
 * Runs one statement as a transaction of its own. A query's transaction lives until its cursor ends. A statement that hands out no rows is
 * run again when its transaction met a conflict, at most {@value #ATTEMPTS_MAX} times.
 */
final class Autocommit {

  static final int ATTEMPTS_MAX = 10;

  private static final long PAUSE_NANOS_MIN = TimeUnit.MICROSECONDS.toNanos(100);

  private final Session session;
  private final TransactionOptions options;
  private FollowUp followUp;

  Autocommit(Session session, TransactionOptions options) {
    this.session = session;
    this.options = options;
  }

  SqlResult execute(Statement statement, List<Object> parameters) throws SQLException {
    SqlResult result = committed(statement, parameters);
    if (followUp != null) {
      finish(followUp);
    }
    return result;
  }

  private void finish(FollowUp started) throws SQLException {
    try {
      started.run(session.interruption()::check);
    } catch (KvException.Retryable e) {
      started.undo();
      throw session.failure(e, null);
    } catch (Throwable t) {
      if (session.interruption().reason() != null) {
        started.undo();
      }
      throw session.failure(t, null);
    }
  }

  private SqlResult committed(Statement statement, List<Object> parameters) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(statement, parameters, options.forAttempt(attempt));
      } catch (KvException.Retryable e) {
        if (attempt == ATTEMPTS_MAX) {
          throw session.failure(e, null);
        }
      } catch (Throwable t) {
        throw session.failure(t, null);
      }
      pause(attempt);
    }
  }

  /** Lets others go first, the longer the more often this one has lost. */
  static void pause(int attempt) {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(PAUSE_NANOS_MIN << attempt));
  }

  private SqlResult attempt(Statement statement, List<Object> parameters, TransactionOptions chosen) throws Exception {
    SessionTransaction transaction = new SessionTransaction(session.database(), session.store(), options(statement, chosen));
    boolean keep = false;
    try {
      Execution execution = new Execution(session, transaction, true);
      SqlResult result = execution.run(statement, parameters);
      keep = result instanceof SqlResult.Rows(SessionCursor _);
      if (!keep) {
        transaction.commit();
        followUp = execution.followUp();
      }
      return result;
    } finally {
      if (!keep) {
        transaction.rollback();
      }
    }
  }

  private static TransactionOptions options(Statement statement, TransactionOptions chosen) {
    // What hands out no rows tells nothing before its transaction has ended.
    return statement.isPlainQuery() ? chosen.withReadOnly(true) : chosen.withEarlyReads(statement.kind() != SqlStatement.Kind.QUERY);
  }
}
