package org.treatydb.sql.session;

import java.sql.SQLException;
import java.util.List;
import org.treatydb.sql.api.SqlCursor;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.error.SqlErrors;
import org.treatydb.sql.exec.QueryRows;
import org.treatydb.sql.plan.ResultColumn;

/** The rows of one execution. Its end, by exhaustion or close, ends the autocommit transaction that it ran in. */
final class SessionCursor implements SqlCursor {

  private final Session session;
  private final SessionTransaction transaction;
  private final boolean ownsTransaction;
  private final QueryRows rows;
  private final List<ResultColumn> columns;
  private Object[] current;
  private State state = State.OPEN;

  private enum State { OPEN, EXHAUSTED, CLOSED }

  SessionCursor(Session session, SessionTransaction transaction, boolean ownsTransaction, QueryRows rows, List<ResultColumn> columns) {
    this.session = session;
    this.transaction = transaction;
    this.ownsTransaction = ownsTransaction;
    this.rows = rows;
    this.columns = columns;
    transaction.opened(this);
    if (ownsTransaction) {
      session.opened(this);
    }
  }

  @Override
  public boolean next() throws SQLException {
    current = null;
    return switch (state) {
      case CLOSED -> throw SqlErrors.of(SqlState.INVALID_CURSOR_STATE, "The cursor is closed.");
      case EXHAUSTED -> false;
      case OPEN -> advance();
    };
  }

  private boolean advance() throws SQLException {
    try {
      session.interruption().attach(transaction.store());
      if (rows.next()) {
        current = ResultColumn.output(rows.row(), columns);
        return true;
      }
    } catch (Throwable t) {
      state = State.CLOSED;
      release();
      throw session.failure(t, ownsTransaction ? null : transaction);
    }
    state = State.EXHAUSTED;
    release();
    return false;
  }

  @Override
  public Object[] row() {
    if (current == null) {
      throw new IllegalStateException("The cursor is not on a row");
    }
    return current;
  }

  @Override
  public void close() {
    boolean open = state == State.OPEN;
    state = State.CLOSED;
    current = null;
    if (open) {
      release();
    }
  }

  private void release() {
    transaction.closed(this);
    try {
      rows.close();
    } finally {
      if (ownsTransaction) {
        session.closed(this);
        transaction.rollback();
      }
    }
  }
}
