package org.treatydb.jdbc.embedded;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.avatica.remote.Service.Request;
import org.apache.calcite.avatica.remote.Service.Response;
import org.treatydb.jdbc.Channel;
import org.treatydb.jdbc.meta.Caller;
import org.treatydb.jdbc.meta.SessionService;

/** Hands requests to a database of this process, as they are. Nothing limits the waiting. */
final class LocalChannel implements Channel {

  private final String peer;
  private final SessionService sessions;
  private final Caller caller;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * A channel.
   *
   * @param caller in whose name it opens sessions
   * @param release run once, when the channel is closed
   */
  LocalChannel(String peer, SessionService sessions, Caller caller, Runnable release) {
    this.peer = peer;
    this.sessions = sessions;
    this.caller = caller;
    this.release = release;
  }

  @Override
  public Response send(Request request, long statementTimeoutMillis, int timeoutMillis) throws SQLException {
    return sessions.apply(request, statementTimeoutMillis, caller);
  }

  @Override
  public String peer() {
    return peer;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }
}
